import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { withTimeout, type Clock } from '../../base/clock.ts';
import { askpassEnvironment, AskpassReader, type RawQuestion } from './askpass.ts';
import type { NegotiatedAlgorithms } from '../link.ts';
import type { ControlFolder } from './control-folder.ts';
import { SshLog } from './ssh-log.ts';

export interface MasterOptions {
  /** ssh and its arguments; no shell reads them. */
  readonly command: readonly string[];
  readonly folder: ControlFolder;
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly onQuestion: (question: RawQuestion) => void;
}

/**
 * Runs ssh and ends it as soon as descriptor 3 ends, which the kernel sees to however this process ends. A signal that comes
 * right before ssh waits for news is heeded only with the next news, so there is a second one, which is heeded at once. $0 is
 * the control folder; programs that still wait for an answer there are let go before it is removed. Whatever else ssh has
 * started ends with the group. The shell itself is mute: a word to a process that is gone would be its death.
 */
const guardian = String.raw`"$@" 3<&- &
ssh=$!
{ read -r _ <&3; kill "$ssh"; sleep 1; kill -9 "$ssh"; } 2>/dev/null &
exec 2>/dev/null 3<&-
wait "$ssh"
for question in "$0"/*.q; do [ -p "$question" ] && : <> "$question"; done
rm -rf "$0"
trap '' TERM
kill 0
wait`;

/** A child of ssh's (a ProxyCommand) may hold its stderr open longer than anybody needs. */
const lastWordsMs = 200;

/** The process of a ControlMaster. It lives no longer than this process, in whatever way that ends. */
export class Master {
  /** Resolves when ssh has ended and all it said has been heard. */
  readonly exited: Promise<void>;
  readonly #process: ChildProcess;
  readonly #lifeline: Socket;
  readonly #reader: AskpassReader;
  readonly #log = new SshLog();

  constructor({ command, folder, env, clock, onQuestion }: MasterOptions) {
    const nonce = randomBytes(12).toString('hex');
    this.#reader = new AskpassReader(nonce);
    this.#process = spawn('/bin/sh', ['-c', guardian, folder.path, ...command], {
      env: { ...env, ...askpassEnvironment(folder.askpass, folder.path, nonce, env['DISPLAY']) },
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
      detached: true, // away from our terminal: neither its Ctrl-C nor its keyboard are ssh's
    });
    this.#lifeline = this.#process.stdio[3] as Socket;
    this.#lifeline.on('error', () => undefined); // its end is all that counts
    this.#process.stderr?.on('data', (chunk: Buffer) => {
      const { said, questions } = this.#reader.push(chunk);
      this.#log.push(said);
      questions.forEach(onQuestion);
    });
    this.exited = this.#ended(folder, clock);
  }

  /** What ssh has said to people on stderr, its questions apart; the last 8,000 characters. */
  get said(): string {
    return this.#log.said;
  }

  /** What it has agreed upon with the server, once it has. */
  get algorithms(): NegotiatedAlgorithms | undefined {
    return this.#log.algorithms;
  }

  /** Whether the agent is what the login waits for. */
  get waitsForAgent(): boolean {
    return this.#log.waitsForAgent;
  }

  /** What was said until now is of no use any more. */
  forget(): void {
    this.#log.forget();
  }

  /** Ends ssh, as the end of this process would. */
  stop(): void {
    this.#lifeline.destroy();
  }

  async #ended(folder: ControlFolder, clock: Clock): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#process.once('close', () => resolve()));
    await new Promise<void>((resolve) => {
      this.#process.once('exit', () => resolve());
      this.#process.once('error', (error) => {
        this.#log.push(error.message);
        resolve();
      });
    });
    this.#lifeline.destroy();
    await withTimeout(clock, lastWordsMs, closed, () => new Error('late')).catch(() => undefined);
    this.#process.stderr?.destroy();
    await rm(folder.path, { recursive: true, force: true });
  }
}
