/** A piece of a marked stream: bytes of a command, or a word of the remote program. */
export type Piece = { kind: 'bytes'; bytes: Buffer } | { kind: 'word'; word: string };

const newline = 0x0a;

/**
 * Takes the remote program's words out of a stream of arbitrary bytes and gives all else back unchanged. A word is the mark, a blank
 * and text to the end of the line, wherever in a line it begins. Bytes are held back only while they may be the beginning of a word.
 */
export class MarkedStream {
  readonly #mark: Buffer;
  #held: Buffer = Buffer.alloc(0);

  constructor(mark: string) {
    this.#mark = Buffer.from(`${mark} `);
  }

  take(chunk: Buffer): Piece[] {
    const pieces: Piece[] = [];
    let rest = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    for (;;) {
      const at = rest.indexOf(this.#mark);
      const end = at < 0 ? -1 : rest.indexOf(newline, at);
      if (end < 0) {
        const safe = at < 0 ? rest.length - this.#begun(rest) : at;
        if (safe > 0) pieces.push({ kind: 'bytes', bytes: rest.subarray(0, safe) });
        this.#held = rest.subarray(safe);
        return pieces;
      }
      if (at > 0) pieces.push({ kind: 'bytes', bytes: rest.subarray(0, at) });
      pieces.push({ kind: 'word', word: rest.toString('latin1', at + this.#mark.length, end) });
      rest = rest.subarray(end + 1);
    }
  }

  /** What was held back, at the end of the stream. */
  end(): Piece[] {
    const bytes = this.#held;
    this.#held = Buffer.alloc(0);
    return bytes.length === 0 ? [] : [{ kind: 'bytes', bytes }];
  }

  /** How many of the last bytes are the beginning of the mark. */
  #begun(bytes: Buffer): number {
    const longest = Math.min(bytes.length, this.#mark.length - 1);
    for (let length = longest; length > 0; length -= 1) {
      if (bytes.subarray(bytes.length - length).equals(this.#mark.subarray(0, length))) return length;
    }
    return 0;
  }
}
