import { once } from 'node:events';
import { systemClock } from '../engine/base/clock.ts';
import { FailureError } from '../shared/failure.ts';
import type { LogEvent, LogFollowRequest, LogLine } from '../shared/log.ts';
import { exitCode } from './exit.ts';
import { withLogDesk } from './logs-desk.ts';
import { lineText, LogPrefixes, noteText, terminalText } from './logs-text.ts';
import { momentOf } from './logs-times.ts';
import type { Shell } from './shell.ts';

export interface LogOptions {
  readonly follow?: boolean;
  readonly tail?: string;
  readonly since?: string;
  readonly until?: string;
  readonly grep?: string;
  readonly timestamps?: boolean;
  readonly json?: boolean;
  readonly host?: string;
}

/** `towline logs`: what a container, or all of a compose project, has logged, and with `-f` what it logs. All lines go to stdout. */
export function logs(shell: Shell, name: string, options: LogOptions): Promise<number> {
  const request = requestOf(name, options, systemClock.now());
  const wanted = matcher(options.grep);
  return withLogDesk(shell, options.host, async ({ follow, hostId }, signal) => {
    const left = leaving(shell, signal);
    const printer = new LogPrinter(shell, options, wanted);
    try {
      for await (const event of follow({ ...request, ...(hostId === undefined ? {} : { hostId }) }, left)) {
        await printer.print(event);
        if (left.aborted) break;
      }
    } catch (error) {
      if (!left.aborted) throw error;
    }
    return exitCode.fine;
  });
}

/** Rejects with `usage` what makes no sense. */
export function requestOf(name: string, { follow, tail, since, until }: LogOptions, nowMs: number): LogFollowRequest {
  if (tail !== undefined && tail !== 'all' && !/^\d{1,9}$/.test(tail)) {
    throw new FailureError({
      code: 'usage',
      message: `--tail ${tail} is no number of lines.`,
      hint: 'As in: --tail 100',
    });
  }
  if (follow === true && until !== undefined) {
    throw new FailureError({ code: 'usage', message: '--follow goes on, --until ends: choose one of them.' });
  }
  return {
    name,
    once: follow !== true,
    whenSlow: 'wait',
    ...(tail === undefined || tail === 'all' ? {} : { tail: Number(tail) }),
    ...(since === undefined ? {} : { since: momentOf(since, '--since', nowMs) }),
    ...(until === undefined ? {} : { until: momentOf(until, '--until', nowMs) }),
  };
}

function matcher(pattern: string | undefined): (line: LogLine) => boolean {
  if (pattern === undefined) return () => true;
  try {
    const expression = new RegExp(pattern);
    return ({ text }) => expression.test(terminalText(text, false));
  } catch (error) {
    throw new FailureError(
      { code: 'usage', message: `--grep ${pattern} is no regular expression.`, hint: (error as Error).message },
      { cause: error },
    );
  }
}

/** Aborted by Ctrl-C, and when whoever reads our output has enough of it (`| head`). */
function leaving({ stdout }: Shell, signal: AbortSignal): AbortSignal {
  const enough = new AbortController();
  stdout.on('error', () => enough.abort(new Error('nobody reads our output any more')));
  return AbortSignal.any([signal, enough.signal]);
}

class LogPrinter {
  readonly #shell: Shell;
  readonly #options: LogOptions;
  readonly #wanted: (line: LogLine) => boolean;
  readonly #prefixes: LogPrefixes;
  readonly #seen = new Set<string>();

  constructor(shell: Shell, options: LogOptions, wanted: (line: LogLine) => boolean) {
    this.#shell = shell;
    this.#options = options;
    this.#wanted = wanted;
    this.#prefixes = new LogPrefixes(shell.paint);
  }

  /** Resolves when the terminal, or whatever stdout is, has room for more. */
  async print(event: LogEvent): Promise<void> {
    if (event.kind !== 'lines') return this.#note(event);
    const text = event.lines.filter(this.#wanted).map((line) => this.#text(line));
    const { stdout } = this.#shell;
    if (text.length > 0 && !stdout.write(text.join('')) && !stdout.destroyed) await roomy(stdout);
  }

  #text(line: LogLine): string {
    if (this.#options.json === true) return `${JSON.stringify(line)}\n`;
    const prefix = this.#seen.size > 1 ? this.#prefixes.of(line) : '';
    return lineText(line, prefix, this.#options.timestamps === true, this.#shell.paint);
  }

  #note(event: Exclude<LogEvent, { kind: 'lines' }>): void {
    let isAgain = false;
    if (event.kind === 'attached') {
      isAgain = this.#seen.has(event.source.container);
      this.#seen.add(event.source.container);
      this.#prefixes.learn(event.source);
    }
    const text = noteText(event, isAgain);
    if (text !== undefined) this.#shell.stderr.write(`${text}\n`);
  }
}

/** Resolves when it has taken what it was given, or never will. */
async function roomy(stream: NodeJS.WriteStream): Promise<void> {
  const done = new AbortController();
  const { signal } = done;
  await Promise.race([once(stream, 'drain', { signal }), once(stream, 'close', { signal })]).catch(() => undefined); // an error is heard elsewhere
  done.abort();
}
