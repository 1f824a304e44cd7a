import { Emitter } from '../base/emitter.ts';

export interface LogEntry {
  readonly stream: 'stdout' | 'stderr';
  readonly timeNano: bigint;
  readonly text: string;
}

/** What one container has written, the newest 1,000 lines of it. */
export class LogBook {
  readonly #limit = 1000;
  readonly #didAppend = new Emitter<LogEntry>();
  readonly onDidAppend = this.#didAppend.event;
  #entries: LogEntry[] = [];

  get entries(): readonly LogEntry[] {
    return this.#entries;
  }

  append(entry: LogEntry): void {
    this.#entries = [...this.#entries.slice(1 - this.#limit), entry];
    this.#didAppend.fire(entry);
  }
}

/** The query of `/containers/{id}/logs`. */
export interface LogQuery {
  readonly follow: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly timestamps: boolean;
  readonly tail: number;
  readonly sinceNano: bigint;
  readonly untilNano: bigint | undefined;
}

export function logQuery(query: URLSearchParams): LogQuery {
  const tail = query.get('tail') ?? 'all';
  return {
    follow: flag(query, 'follow'),
    stdout: flag(query, 'stdout'),
    stderr: flag(query, 'stderr'),
    timestamps: flag(query, 'timestamps'),
    tail: /^\d+$/.test(tail) ? Number(tail) : Infinity,
    sinceNano: nanoseconds(query.get('since')) ?? 0n,
    untilNano: nanoseconds(query.get('until')),
  };
}

/** A boolean as the Engine API reads it. */
export function flag(query: URLSearchParams, name: string): boolean {
  return ['1', 'true', 'True', 'TRUE'].includes(query.get(name) ?? '');
}

/** Unix seconds with a fraction of up to nine digits (`1700000000.000000123`), or RFC 3339, in ns. */
export function nanoseconds(text: string | null): bigint | undefined {
  if (text === null || text === '') return undefined;
  const match = /^(\d+)(?:\.(\d{1,9}))?$/.exec(text);
  if (match !== null) return BigInt(match[1] ?? '0') * 1_000_000_000n + BigInt((match[2] ?? '').padEnd(9, '0'));
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : BigInt(ms) * 1_000_000n;
}

/** As dockerd does, `tail` is counted from the end of the log, whatever `until` says. */
export function selectLogs(entries: readonly LogEntry[], query: LogQuery): readonly LogEntry[] {
  const { sinceNano: since, untilNano: until, tail } = query;
  const wanted = entries.filter((entry) => query[entry.stream] && entry.timeNano >= since);
  const last = tail >= wanted.length ? wanted : wanted.slice(wanted.length - tail);
  return until === undefined ? last : last.filter(({ timeNano }) => timeNano <= until);
}

/** One entry as a frame of Docker's multiplexed stream: stream number, three zeros, length, text. */
export function logFrame(entry: LogEntry, timestamps: boolean): Buffer {
  const text = Buffer.from(`${timestamps ? `${rfc3339Nano(entry.timeNano)} ` : ''}${entry.text}\n`);
  const header = Buffer.alloc(8);
  header.writeUInt8(entry.stream === 'stdout' ? 1 : 2, 0);
  header.writeUInt32BE(text.length, 4);
  return Buffer.concat([header, text]);
}

function rfc3339Nano(timeNano: bigint): string {
  const seconds = new Date(Number(timeNano / 1_000_000n)).toISOString().slice(0, 19);
  return `${seconds}.${String(timeNano % 1_000_000_000n).padStart(9, '0')}Z`;
}
