import type { DecodedLine } from './line-decoder.ts';
import { secondsBefore, unixSeconds } from './log-time.ts';

/** Asked for once more at each new attach: two streams of one container may be written slightly out of order. */
const overlapS = 1;
/** Docker 20.10 tells the first lines of a file again when it rotates a log that is followed: so many are known again. */
const remembered = 2_048;

/**
 * How far a container's log has been read, so that the next attach begins there, without loss and without doubles. Within
 * stdout, and within stderr, Docker's times never go back; so each has a mark of its own.
 */
export class LogCursor {
  readonly #streams = { stdout: new StreamCursor(), stderr: new StreamCursor() };

  /** From where to ask, as Docker takes it; undefined where nothing has been read: from the beginning. */
  get since(): string | undefined {
    const newest = this.newest;
    return newest === undefined ? undefined : unixSeconds(secondsBefore(newest, overlapS));
  }

  /** The time of the newest line that was read. */
  get newest(): string | undefined {
    const { stdout, stderr } = this.#streams;
    return (stdout.at > stderr.at ? stdout.at : stderr.at) || undefined;
  }

  /** What comes from now on may begin with what was read before. */
  reattach(): void {
    this.#streams.stdout.reattach();
    this.#streams.stderr.reattach();
  }

  /** Those lines that are new. */
  admit(lines: readonly DecodedLine[]): readonly DecodedLine[] {
    return lines.filter(({ stream, at }) => this.#streams[stream].admits(at));
  }
}

/** How far one stream has been told: up to this time, and so many lines of it. */
class StreamCursor {
  #at = '';
  #count = 0;
  /** While what was told comes again: how many lines of the last time are still to come. */
  #left: number | undefined;
  /** The times of the last lines, in a circle. */
  readonly #recent: string[] = [];
  #next = 0;

  /** Empty before the first line. */
  get at(): string {
    return this.#at;
  }

  reattach(): void {
    if (this.#at !== '') this.#left = this.#count;
  }

  admits(at: string): boolean {
    if (this.#left === undefined && at < this.#at && this.#recent.includes(at)) this.reattach();
    if (this.#left !== undefined) {
      if (at < this.#at) return false;
      if (at === this.#at && this.#left > 0) {
        this.#left -= 1;
        return false;
      }
      this.#left = undefined;
    }
    this.#note(at);
    return true;
  }

  #note(at: string): void {
    this.#count = at === this.#at ? this.#count + 1 : 1;
    this.#at = at;
    this.#recent[this.#next] = at;
    this.#next = (this.#next + 1) % remembered;
  }
}
