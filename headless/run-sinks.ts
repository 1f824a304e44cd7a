import { once } from 'node:events';
import { isUtf8 } from 'node:buffer';
import { StringDecoder } from 'node:string_decoder';
import type { Writable } from 'node:stream';
import { cleanText } from './clean-text.ts';
import { quiet } from './paint.ts';
import type { RunWish } from './run-options.ts';
import type { RunSink } from './run-outcome.ts';
import { fail, type Shell } from './shell.ts';

/** Every byte as it comes, on the output that it came on. */
export function rawSink(shell: Shell, signal: AbortSignal): RunSink {
  return {
    output: ({ stream }, bytes) => written(shell[stream], bytes, signal),
    exited: () => undefined,
    ended: ({ failure }) => {
      if (failure !== undefined && !shell.stdout.errored) fail(shell, failure);
    },
  };
}

/** A JSON line per command, with all that it said; bytes that are no text are base64 under `stdoutBase64`, `stderrBase64`. */
export function jsonSink(shell: Shell, hostId: string, given: RunWish['given']): RunSink {
  const said = new Map<number, Record<'stdout' | 'stderr', Buffer[]>>();
  const texts = (command: number): object => {
    const { stdout, stderr } = said.get(command) ?? { stdout: [], stderr: [] };
    said.delete(command);
    return { ...text('stdout', Buffer.concat(stdout)), ...text('stderr', Buffer.concat(stderr)) };
  };
  const line = (document: object): void => void shell.stdout.write(`${JSON.stringify(document)}\n`);
  return {
    async output({ command, stream }, bytes) {
      const both = said.get(command) ?? { stdout: [], stderr: [] };
      both[stream].push(bytes);
      said.set(command, both);
    },
    exited({ command, code, durationMs }) {
      const figures = { code, durationMs: Math.round(durationMs) };
      line({ host: hostId, n: command + 1, command: given[command], ...figures, ...texts(command) });
    },
    ended({ failure }) {
      const [cutShort = 0] = said.keys();
      if (failure !== undefined) line({ host: hostId, failure, ...texts(cutShort) });
    },
  };
}

/** Line by line with the host before it, without what a terminal would obey. */
export function prefixedSink(shell: Shell, hostId: string, width: number): RunSink {
  const prefix = quiet(shell.paint, `${hostId.padEnd(width)} | `);
  const lines = {
    stdout: new Lines((line) => void shell.stdout.write(`${prefix}${plain(line)}\n`)),
    stderr: new Lines((line) => void shell.stderr.write(`${prefix}${plain(line)}\n`)),
  };
  return {
    async output({ stream }, bytes) {
      lines[stream].add(bytes);
    },
    exited: () => undefined,
    ended: () => {
      lines.stdout.end();
      lines.stderr.end();
    },
  };
}

/** Resolves when there is room again, or nobody to make room any more. */
async function written(stream: Writable, bytes: Buffer, signal: AbortSignal): Promise<void> {
  if (stream.destroyed || stream.write(bytes) || signal.aborted) return;
  await once(stream, 'drain', { signal }).catch(() => undefined);
}

function text(name: 'stdout' | 'stderr', bytes: Buffer): object {
  return isUtf8(bytes) ? { [name]: bytes.toString() } : { [`${name}Base64`]: bytes.toString('base64') };
}

function plain(line: string): string {
  return line.split('\t').map(cleanText).join('\t');
}

class Lines {
  readonly #decoder = new StringDecoder('utf8');
  readonly #take: (line: string) => void;
  #rest = '';

  constructor(take: (line: string) => void) {
    this.#take = take;
  }

  add(bytes: Buffer): void {
    const lines = (this.#rest + this.#decoder.write(bytes)).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#take(line.replace(/\r$/, ''));
  }

  end(): void {
    this.#rest += this.#decoder.end();
    if (this.#rest !== '') this.#take(this.#rest);
    this.#rest = '';
  }
}
