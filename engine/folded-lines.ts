import type { Clock } from './base/clock.ts';
import type { LogFields } from './base/logger.ts';

export interface FoldedLine<Level extends string> {
  readonly level: Level;
  readonly message: string;
  readonly fields: LogFields;
}

interface Seen<Level extends string> {
  readonly line: FoldedLine<Level>;
  /** When it was written, monotonic ms. */
  readonly since: number;
  repeated: number;
}

/** How long a line that keeps coming is only counted. */
const foldMs = 60_000;
/** How many different lines may keep coming in turn. */
const maxSeen = 16;

/**
 * Writes a line that has come within the last minute only as a count, so that neither one line nor a few in turn can fill the log.
 * Counts are written before the next line that is new, and at the latest when their line comes again after a minute. No timers.
 */
export class FoldedLines<Level extends string> {
  readonly #clock: Clock;
  readonly #write: (line: FoldedLine<Level>) => void;
  /** The oldest first. */
  readonly #seen = new Map<string, Seen<Level>>();

  constructor(clock: Clock, write: (line: FoldedLine<Level>) => void) {
    this.#clock = clock;
    this.#write = write;
  }

  write(line: FoldedLine<Level>): void {
    const key = JSON.stringify(line);
    const now = this.#clock.monotonic();
    const seen = this.#seen.get(key);
    if (seen !== undefined && now - seen.since < foldMs) {
      seen.repeated += 1;
      return;
    }
    this.flush();
    this.#write(line);
    this.#seen.delete(key);
    this.#seen.set(key, { line, since: now, repeated: 0 });
    const [oldest] = this.#seen.keys();
    if (oldest !== undefined && this.#seen.size > maxSeen) this.#seen.delete(oldest);
  }

  /** Writes the counts that are due. */
  flush(): void {
    for (const seen of this.#seen.values()) {
      if (seen.repeated === 0) continue;
      const { line, repeated } = seen;
      seen.repeated = 0;
      this.#write({ ...line, fields: { ...line.fields, repeated } });
    }
  }
}
