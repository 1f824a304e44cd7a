/** What lines cost all who follow logs, together. */
export interface LogMemory {
  readonly limitBytes: number;
  usedBytes: number;
}

export interface RingLimits {
  readonly lines: number;
  readonly bytes: number;
}

/** Objects and short strings cost more than their letters. */
const lineOverheadBytes = 200;

interface Line {
  readonly text: string;
}

function costOf({ text }: Line): number {
  return 2 * text.length + lineOverheadBytes;
}

/**
 * Lines that wait for their reader. With `drop`, the newest ones within limits of its own and what is left of the memory of all;
 * with `wait`, all of them: then whoever pushes waits while it is crowded.
 */
export class LineRing<T extends Line> {
  readonly #limits: RingLimits;
  readonly #memory: LogMemory;
  readonly #whenFull: 'drop' | 'wait';
  #lines: (T | undefined)[] = [];
  #first = 0;
  #bytes = 0;
  #dropped = 0;
  #passed = 0;

  constructor(limits: RingLimits, memory: LogMemory, whenFull: 'drop' | 'wait' = 'drop') {
    this.#whenFull = whenFull;
    this.#limits = limits;
    this.#memory = memory;
  }

  get length(): number {
    return this.#lines.length - this.#first;
  }

  /** How many lines have gone, taken or dropped. */
  get passed(): number {
    return this.#passed;
  }

  /** More than half of what it may hold. */
  get crowded(): boolean {
    const { limitBytes, usedBytes } = this.#memory;
    const { lines, bytes } = this.#limits;
    const isFull = this.length > lines / 2 || this.#bytes > bytes / 2 || usedBytes > limitBytes / 2;
    return isFull && this.length > 0;
  }

  push(lines: readonly T[]): void {
    for (const line of lines) {
      this.#lines.push(line);
      this.#account(costOf(line));
      while (this.length > 1 && this.#whenFull === 'drop' && this.#isOver()) {
        this.#shift();
        this.#dropped += 1;
      }
    }
  }

  /** At most so many lines and about so many bytes, oldest first. */
  take(maxLines: number, maxBytes: number): T[] {
    const taken: T[] = [];
    for (let bytes = 0; taken.length < maxLines && bytes < maxBytes && this.length > 0;) {
      const line = this.#shift();
      if (line === undefined) break;
      bytes += costOf(line);
      taken.push(line);
    }
    return taken;
  }

  /** How many were dropped since this was last asked. */
  takeDropped(): number {
    const dropped = this.#dropped;
    this.#dropped = 0;
    return dropped;
  }

  clear(): void {
    this.#account(-this.#bytes);
    this.#lines = [];
    this.#first = 0;
  }

  #isOver(): boolean {
    const { lines, bytes } = this.#limits;
    return this.length > lines || this.#bytes > bytes || this.#memory.usedBytes > this.#memory.limitBytes;
  }

  #shift(): T | undefined {
    const line = this.#lines[this.#first];
    this.#lines[this.#first] = undefined;
    this.#first += 1;
    this.#passed += 1;
    if (this.#first > 1_024 && this.#first > this.#lines.length / 2) {
      this.#lines = this.#lines.slice(this.#first);
      this.#first = 0;
    }
    if (line !== undefined) this.#account(-costOf(line));
    return line;
  }

  #account(bytes: number): void {
    this.#bytes += bytes;
    this.#memory.usedBytes += bytes;
  }
}
