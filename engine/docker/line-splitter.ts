import { StringDecoder } from 'node:string_decoder';

/** A longer line is dropped: no event is that long, and memory is not the sender's to fill. */
const maxLineLength = 16 * 1024 * 1024;

/** Cuts a byte stream into lines, whatever the chunk borders do to lines and to UTF-8 characters. */
export class LineSplitter {
  readonly #decoder = new StringDecoder('utf8');
  #parts: string[] = [];
  #length = 0;
  #dropping = false;

  /** The lines that this chunk completes, without their line ends; empty lines are left out. */
  push(chunk: Buffer): string[] {
    const lines: string[] = [];
    const pieces = this.#decoder.write(chunk).split('\n');
    const last = pieces.pop() ?? '';
    for (const piece of pieces) {
      this.#take(piece);
      const line = this.#dropping ? '' : this.#parts.join('').trim();
      if (line !== '') lines.push(line);
      this.#parts = [];
      this.#length = 0;
      this.#dropping = false;
    }
    this.#take(last);
    return lines;
  }

  #take(piece: string): void {
    if (piece === '' || this.#dropping) return;
    this.#length += piece.length;
    if (this.#length > maxLineLength) {
      this.#dropping = true;
      this.#parts = [];
    } else this.#parts.push(piece);
  }
}
