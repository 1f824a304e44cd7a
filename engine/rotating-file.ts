import { closeSync, fstatSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

export interface RotatingFileOptions {
  readonly file: string;
  /** A file that has grown to this size is put aside. */
  readonly maxBytes: number;
  /** How many there are in all: `FILE`, `FILE.1` … `FILE.n-1`, the newest first. */
  readonly maxFiles: number;
}

/** An append-only file of bounded size. Writes are synchronous: what was said before a crash is in the file. */
export class RotatingFile {
  readonly #options: RotatingFileOptions;
  #descriptor: number;
  #size: number;
  #written = 0;

  /** Throws what the system says when the file cannot be opened. */
  constructor(options: RotatingFileOptions) {
    this.#options = options;
    mkdirSync(dirname(options.file), { recursive: true, mode: 0o700 });
    this.#descriptor = openSync(options.file, 'a', 0o600);
    this.#size = fstatSync(this.#descriptor).size;
  }

  /** Bytes written through this object. */
  get written(): number {
    return this.#written;
  }

  write(line: string): void {
    if (this.#descriptor < 0) return;
    const bytes = Buffer.byteLength(line);
    if (this.#size > 0 && this.#size + bytes > this.#options.maxBytes) this.#rotate();
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
    this.#descriptor = openSync(file, 'a', 0o600);
    this.#size = fstatSync(this.#descriptor).size;
  }
}
