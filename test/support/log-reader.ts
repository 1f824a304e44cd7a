import type { Disposable } from '../../engine/base/disposables.ts';
import type { LogEvent, LogLine } from '../../shared/log.ts';
import { waitFor } from './wait-for.ts';

/** Reads a log as fast as it comes, until it ends or is disposed, and keeps all that it was told. */
export class LogReader implements Disposable {
  readonly events: LogEvent[] = [];
  readonly lines: LogLine[] = [];
  readonly #left = new AbortController();
  readonly #done: Promise<unknown>;

  constructor(follow: (signal: AbortSignal) => AsyncIterable<LogEvent>) {
    this.#done = this.#read(follow(this.#left.signal)).catch((error: unknown) => error);
  }

  get texts(): string[] {
    return this.lines.map(({ text }) => text);
  }

  /** What was told beside lines: `attached web`, `ended web stopped`, `gap 12`. */
  get notes(): string[] {
    return this.events.flatMap((event) => {
      if (event.kind === 'attached') return [`attached ${event.source.container}`];
      if (event.kind === 'ended') return [`ended ${event.container} ${event.reason}`];
      return event.kind === 'gap' ? [`gap ${event.lines}`] : [];
    });
  }

  /** Resolves once the condition holds; the error says what had come by then. */
  until(what: string, condition: (reader: this) => boolean, timeoutMs = 30_000): Promise<true> {
    const look = (): true => {
      if (condition(this)) return true;
      throw new Error(
        `${this.lines.length} lines, the last: ${this.texts.slice(-3).join(' | ')}; ${this.notes.join(', ')}`,
      );
    };
    return waitFor(look, { what, timeoutMs });
  }

  /** Resolves when the log has ended by itself; rejects as it did. */
  async ended(): Promise<void> {
    const error = await this.#done;
    if (error !== undefined) throw error as Error;
  }

  async dispose(): Promise<void> {
    this.#left.abort(new Error('the test has read enough'));
    await this.#done;
  }

  async #read(events: AsyncIterable<LogEvent>): Promise<void> {
    for await (const event of events) {
      if (event.kind === 'lines') this.lines.push(...event.lines);
      else this.events.push(event);
    }
  }
}
