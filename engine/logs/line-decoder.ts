import { FailureError } from '../../shared/failure.ts';
import { timeLength, utcNano } from './log-time.ts';
import { visibleText, wholeCharacters } from './visible-text.ts';

/** A line as Docker has it; whose it is is known elsewhere. */
export interface DecodedLine {
  /** UTC, nine digits of a second. */
  readonly at: string;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
  readonly truncated?: true;
}

/** Of a longer line only the beginning is kept. */
export const maxLineBytes = 1024 * 1024;
const headerBytes = 8;
/** Docker's frames have 16 KiB, Podman's a line. */
const maxFrameBytes = 64 * 1024 * 1024;
/** Docker cuts lines into records of this size, and gives each its time; with a terminal, nothing else tells them apart. */
const recordBytes = 16 * 1024;
const pageBytes = 4 * 1024;
const newline = 0x0a;
const carriageReturn = 0x0d;

/** A line of which the end has not come. */
interface OpenLine {
  readonly at: string;
  readonly parts: Buffer[];
  bytes: number;
  /** Of its last piece. */
  lastBytes: number;
}

/**
 * Makes lines of Docker's log stream with timestamps, whatever the chunk borders do: frames of `stdout` and `stderr`, or the bare
 * bytes of a terminal. A long line comes in several frames, each with the line's time before it; only the last has a line end.
 */
export class LineDecoder {
  #tty: boolean;
  #rest: Buffer = Buffer.alloc(0);
  readonly #open = new Map<DecodedLine['stream'], OpenLine>();

  constructor(tty: boolean) {
    this.#tty = tty;
  }

  /** The lines that this chunk completes. */
  push(chunk: Buffer): DecodedLine[] {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const lines: DecodedLine[] = [];
    const taken = this.#tty ? this.#takeBare(bytes, lines) : this.#takeFrames(bytes, lines);
    this.#rest = bytes.subarray(taken);
    return lines;
  }

  /** What the log ends with, without a line end. */
  flush(): DecodedLine[] {
    const lines: DecodedLine[] = [];
    if (this.#tty && this.#rest.length > 0) this.#takePiece('stdout', this.#rest, true, lines);
    this.#rest = Buffer.alloc(0);
    for (const [stream, open] of this.#open) lines.push(closed(stream, open));
    this.#open.clear();
    return lines;
  }

  #takeFrames(bytes: Buffer, lines: DecodedLine[]): number {
    let at = 0;
    while (bytes.length - at >= headerBytes) {
      const kind = bytes[at] ?? 0;
      if (kind > 2 || bytes[at + 1] !== 0 || bytes[at + 2] !== 0 || bytes[at + 3] !== 0) garbled();
      const length = bytes.readUInt32BE(at + 4);
      if (length > maxFrameBytes) garbled();
      const end = at + headerBytes + length;
      if (end > bytes.length) break;
      if (length > 0) this.#takeFrame(kind === 2 ? 'stderr' : 'stdout', bytes.subarray(at + headerBytes, end), lines);
      at = end;
    }
    return at;
  }

  #takeFrame(stream: DecodedLine['stream'], frame: Buffer, lines: DecodedLine[]): void {
    const ended = frame[frame.length - 1] === newline;
    this.#takePiece(stream, ended ? frame.subarray(0, -1) : frame, ended, lines);
  }

  #takeBare(bytes: Buffer, lines: DecodedLine[]): number {
    let start = 0;
    for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline, start)) {
      this.#takePiece('stdout', withoutInnerTimes(bytes.subarray(start, end)), true, lines);
      start = end + 1;
    }
    if (bytes.length - start <= 2 * maxLineBytes) return start;
    this.#takePiece('stdout', withoutInnerTimes(bytes.subarray(start)), false, lines);
    return bytes.length;
  }

  /** A time, a space, and a piece of a line; the time of a later piece is the line's once more. */
  #takePiece(stream: DecodedLine['stream'], piece: Buffer, ended: boolean, lines: DecodedLine[]): void {
    const time = timeOf(piece);
    const text = piece.subarray(time?.begin ?? 0);
    let open = this.#open.get(stream);
    if (open !== undefined && time !== undefined && hasEnded(open, time.at)) {
      lines.push(closed(stream, open));
      open = undefined;
    }
    open ??= { at: time?.at ?? garbled(), parts: [], bytes: 0, lastBytes: 0 };
    if (open.bytes <= maxLineBytes) open.parts.push(ended ? text : Buffer.from(text)); // a copy does not keep the chunk
    open.bytes += text.length;
    open.lastBytes = text.length;
    if (ended) lines.push(closed(stream, open));
    if (ended) this.#open.delete(stream);
    else this.#open.set(stream, open);
  }
}

/**
 * The log driver `local` of Docker 20.10 leaves out the end of a line that came in pieces. All pieces of a line have one time
 * there. Podman gives each its own, but cuts where a buffer is full.
 */
function hasEnded({ at, lastBytes }: OpenLine, nextAt: string): boolean {
  return nextAt !== at && lastBytes % pageBytes !== 0;
}

function timeOf(piece: Buffer): { at: string; begin: number } | undefined {
  const space = piece.subarray(0, timeLength + 10).indexOf(0x20);
  if (space < 0) return undefined;
  const text = piece.toString('latin1', 0, space);
  const at = space === timeLength && text.endsWith('Z') ? text : utcNano(text);
  return at === undefined ? undefined : { at, begin: space + 1 };
}

/** A terminal's line longer than a record: the time stands again before each further record. */
function withoutInnerTimes(line: Buffer): Buffer {
  const begin = timeOf(line)?.begin;
  if (begin === undefined || line.length <= begin + recordBytes) return line;
  const time = line.subarray(0, begin);
  const parts: Buffer[] = [time];
  for (let at = begin; at < line.length; at += recordBytes) {
    if (at > begin && line.subarray(at, at + begin).equals(time)) at += begin;
    parts.push(line.subarray(at, at + recordBytes));
  }
  return Buffer.concat(parts);
}

function closed(
  stream: DecodedLine['stream'],
  { at, parts, bytes }: Pick<OpenLine, 'at' | 'parts' | 'bytes'>,
): DecodedLine {
  const [only = Buffer.alloc(0), ...more] = parts;
  const all = more.length === 0 ? only : Buffer.concat(parts);
  if (bytes > maxLineBytes) {
    const kept = all.subarray(0, wholeCharacters(all, maxLineBytes));
    return { at, stream, text: visibleText(kept), truncated: true };
  }
  const text = visibleText(all[all.length - 1] === carriageReturn ? all.subarray(0, -1) : all);
  return { at, stream, text };
}

function garbled(): never {
  throw new FailureError({
    code: 'log-garbled',
    message: 'What Docker sent as the log of this container is no log.',
    hint: 'Compare with `docker logs` on the host.',
  });
}
