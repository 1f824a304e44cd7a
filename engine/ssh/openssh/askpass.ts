import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { sleep, type Clock } from '../../base/clock.ts';

/** A question of ssh's, or of an ssh that it started for a jump. */
export interface RawQuestion {
  /** Names the pipe that the answer goes to; empty for a notice, which wants none. */
  readonly id: string;
  readonly text: string;
}

/** Separates the fields; ssh never lets a server put a control character before the user. */
const mark = '\x1e';

/**
 * What ssh runs to ask (SSH_ASKPASS): says the question on stderr, which leads to us, and takes the answer from a named
 * pipe of its own, because an ssh that was started for a jump has its stdin and stdout in use. An answer that does not
 * come is a refusal. SSH_ASKPASS_PROMPT=none is a notice, which ssh takes away by itself.
 */
export const askpassProgram = String.raw`#!/bin/sh
if [ "$SSH_ASKPASS_PROMPT" = none ]; then
  printf '\036%s\036\036%s\036' "$TOWLINE_ASK_NONCE" "$1" >&2
  exit 0
fi
mkfifo -m 600 "$TOWLINE_ASK_FOLDER/$$.q" || exit 1
printf '\036%s\036%s\036%s\036' "$TOWLINE_ASK_NONCE" "$$" "$1" >&2
IFS= read -r answer < "$TOWLINE_ASK_FOLDER/$$.q"
given=$?
rm -f "$TOWLINE_ASK_FOLDER/$$.q"
[ $given -eq 0 ] || exit 1
printf '%s\n' "$answer"
`;

/** The variables with which ssh asks us whatever it has to ask, with or without a terminal. */
export function askpassEnvironment(
  program: string,
  folder: string,
  nonce: string,
  display?: string,
): NodeJS.ProcessEnv {
  return {
    SSH_ASKPASS: program,
    SSH_ASKPASS_REQUIRE: 'force',
    DISPLAY: display ?? ':0', // before OpenSSH 8.4 nothing else makes it ask
    TOWLINE_ASK_FOLDER: folder,
    TOWLINE_ASK_NONCE: nonce,
  };
}

/** Tells the questions in ssh's stderr from what it says. */
export class AskpassReader {
  readonly #intro: string;
  readonly #decoder = new StringDecoder('utf8');
  #pending = '';

  constructor(nonce: string) {
    this.#intro = `${mark}${nonce}${mark}`;
  }

  push(chunk: Buffer): { said: string; questions: RawQuestion[] } {
    let rest = this.#pending + this.#decoder.write(chunk);
    let said = '';
    const questions: RawQuestion[] = [];
    for (;;) {
      const start = rest.indexOf(mark);
      if (start === -1) break;
      said += rest.slice(0, start);
      rest = rest.slice(start);
      if (rest.length < this.#intro.length && this.#intro.startsWith(rest)) break;
      const [id, text, end] = rest.slice(this.#intro.length).split(mark);
      if (!rest.startsWith(this.#intro)) {
        said += mark;
        rest = rest.slice(1);
      } else if (id === undefined || text === undefined || end === undefined) {
        break;
      } else {
        questions.push({ id, text });
        rest = rest.slice(this.#intro.length + id.length + text.length + 2);
      }
    }
    const whole = !rest.startsWith(mark);
    this.#pending = whole ? '' : rest;
    return { said: whole ? said + rest : said, questions };
  }
}

const withinMs = 2_000;
const retryMs = 5;

/** Hands the answer to the program that waits for it; undefined: none. Whoever has gone meanwhile does not get it. */
export async function giveAnswer(folder: string, id: string, answer: string | undefined, clock: Clock): Promise<void> {
  const pipe = await openPipe(join(folder, `${id}.q`), clock);
  if (pipe === undefined) return;
  try {
    if (answer !== undefined) await pipe.write(`${answer}\n`);
  } finally {
    await pipe.close();
  }
}

/** Without O_NONBLOCK an open without a reader would hold a thread for good; with it ENXIO says that none is there yet. */
async function openPipe(path: string, clock: Clock): Promise<FileHandle | undefined> {
  for (let waitedMs = 0; waitedMs <= withinMs; waitedMs += retryMs) {
    try {
      return await open(path, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENXIO') return undefined;
    }
    await sleep(clock, retryMs);
  }
  return undefined;
}
