import { closeSync, fstatSync, mkdirSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from './base/clock.ts';

export interface RotatingFileOptions {
  readonly file: string;
  /** A file that has grown to this size is put aside. */
  readonly maxBytes: number;
  /** How many there are in all: `FILE`, `FILE.1` … `FILE.n-1`, the newest first. */
  readonly maxFiles: number;
  /** A file that has been written to for so long is put aside, ms. */
  readonly maxAgeMs: number;
  /** What was put aside and has not been written to for so long is removed, ms. */
  readonly keepMs: number;
  readonly clock: Clock;
}

/** An append-only file of bounded size, number and age: never more than `maxBytes` × `maxFiles` in all. Writes are synchronous: what was said before a crash is in the file. */
export class RotatingFile {
  readonly #options: RotatingFileOptions;
  #descriptor: number;
  #size = 0;
  /** Unix ms. */
  #begunAt = 0;
  #written = 0;

  /** Throws what the system says when the file cannot be opened. */
  constructor(options: RotatingFileOptions) {
    this.#options = options;
    mkdirSync(dirname(options.file), { recursive: true, mode: 0o700 });
    this.#descriptor = this.#open();
    this.#removeOld();
  }

  /** Bytes written through this object. */
  get written(): number {
    return this.#written;
  }

  write(line: string): void {
    if (this.#descriptor < 0) return;
    const bytes = Buffer.byteLength(line);
    if (this.#size > 0 && (this.#size + bytes > this.#options.maxBytes || this.#isOld())) this.#rotate();
    writeSync(this.#descriptor, line);
    this.#size += bytes;
    this.#written += bytes;
  }

  close(): void {
    if (this.#descriptor < 0) return;
    closeSync(this.#descriptor);
    this.#descriptor = -1;
  }

  #rotate(): void {
    const { file, maxFiles } = this.#options;
    this.close();
    rmSync(`${file}.${maxFiles - 1}`, { force: true });
    for (let number = maxFiles - 1; number >= 1; number -= 1) {
      try {
        renameSync(number === 1 ? file : `${file}.${number - 1}`, `${file}.${number}`);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      }
    }
    this.#descriptor = this.#open();
    this.#removeOld();
  }

  #open(): number {
    const { file, clock } = this.#options;
    const descriptor = openSync(file, 'a', 0o600);
    const { size, birthtimeMs, mtimeMs } = fstatSync(descriptor);
    this.#size = size;
    this.#begunAt = size === 0 ? clock.now() : birthtimeMs || mtimeMs; // not every file system knows of births
    return descriptor;
  }

  #isOld(): boolean {
    return this.#options.clock.now() - this.#begunAt >= this.#options.maxAgeMs;
  }

  #removeOld(): void {
    const { file, maxFiles, keepMs, clock } = this.#options;
    for (let number = 1; number < maxFiles; number += 1) {
      const found = statSync(`${file}.${number}`, { throwIfNoEntry: false });
      if (found !== undefined && clock.now() - found.mtimeMs >= keepMs) rmSync(`${file}.${number}`, { force: true });
    }
  }
}
