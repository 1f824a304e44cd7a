import type { LogEvent, LogLine } from '../../shared/log.ts';
import { sleep, type Clock } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import { LineRing, type LogMemory, type RingLimits } from './line-ring.ts';

export interface OutboxOptions {
  readonly limits: RingLimits;
  readonly memory: LogMemory;
  readonly whenSlow: 'drop' | 'wait';
  readonly clock: Clock;
}

/** Lines that come within this time become one message. */
const batchMs = 20;
const batchLines = 1_000;
const batchBytes = 1024 * 1024;

/** What one reader is yet to be told: lines, of which the oldest may give way where he is too slow, and notes, which never do. */
export class Outbox {
  readonly #ring: LineRing<LogLine>;
  readonly #clock: Clock;
  readonly #didChange = new Emitter<void>();
  readonly #notes: { readonly event: LogEvent; readonly afterLine: number }[] = [];

  constructor({ limits, memory, whenSlow, clock }: OutboxOptions) {
    this.#ring = new LineRing(limits, memory, whenSlow);
    this.#clock = clock;
  }

  push(lines: readonly LogLine[]): void {
    this.#ring.push(lines);
    this.#didChange.fire();
  }

  /** Told after the lines that were pushed before it. */
  note(event: LogEvent): void {
    this.#notes.push({ event, afterLine: this.#ring.passed + this.#ring.length });
    this.#didChange.fire();
  }

  /** Resolves when the reader has made room. */
  async roomy(signal: AbortSignal): Promise<void> {
    while (this.#ring.crowded) await this.#changed(signal);
  }

  /** All of it, and what comes, in batches. Ends by the signal's reason. */
  async *events(signal: AbortSignal): AsyncGenerator<LogEvent, never> {
    try {
      for (;;) {
        const event = this.#next();
        if (event !== undefined) yield event;
        else {
          await this.#changed(signal);
          await sleep(this.#clock, batchMs, signal);
        }
        signal.throwIfAborted();
      }
    } finally {
      this.#ring.clear();
    }
  }

  #next(): LogEvent | undefined {
    const dropped = this.#ring.takeDropped();
    if (dropped > 0) return { kind: 'gap', lines: dropped };
    const linesBefore = (this.#notes[0]?.afterLine ?? Infinity) - this.#ring.passed;
    if (linesBefore <= 0) return this.#notes.shift()?.event;
    const lines = this.#ring.take(Math.min(batchLines, linesBefore), batchBytes);
    if (lines.length === 0) return undefined;
    this.#didChange.fire();
    return { kind: 'lines', lines };
  }

  #changed(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        void listening.dispose();
        signal.removeEventListener('abort', onAbort);
      };
      const onAbort = (): void => {
        leave();
        reject(signal.reason as Error);
      };
      const listening = this.#didChange.event(() => {
        leave();
        resolve();
      });
      signal.addEventListener('abort', onAbort, { once: true });
      if (signal.aborted) onAbort();
    });
  }
}
