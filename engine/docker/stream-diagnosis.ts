import type { Failure } from '../../shared/failure.ts';
import type { Clock } from '../base/clock.ts';
import type { LogFields, Logger } from '../base/logger.ts';
import type { DockerEvent } from './events.ts';

/** A subscription that ended, or never began, and why. */
export interface EndedSubscription {
  /** Unix ms. */
  readonly at: number;
  readonly cause: Failure;
  /** How long it was there; absent for one that did not come about. */
  readonly totalMs?: number;
  readonly received: number;
}

/** What an operator needs to know of the stream. Times in ms; of the present or the last subscription, but for `received`. */
export interface EventStreamFigures {
  readonly attempt: number;
  readonly startupMs?: number;
  readonly timeToFirstEventMs?: number;
  /** Over all subscriptions. */
  readonly received: number;
  readonly consecutiveFailures: number;
  /** Unix ms; only while it is live. */
  readonly liveSince?: number;
  /** Once it has ended. */
  readonly totalMs?: number;
  /** From the newest event's time, by the daemon's clock, to its arrival by ours. */
  readonly lagMs?: number;
  /** The newest that ended, oldest first. */
  readonly ended?: readonly EndedSubscription[];
}

const endedKept = 10;

/** The figures of an event stream as it goes on, and the lines that the log gets of each subscription. */
export class StreamDiagnosis {
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #about: () => LogFields;
  #figures: EventStreamFigures = { attempt: 0, received: 0, consecutiveFailures: 0 };
  #attemptedAt = 0;
  #liveAt: number | undefined;
  #received = 0;

  /** `about` names the other end in every line: endpoint and Docker's version. */
  constructor(options: { clock: Clock; log: Logger; about: () => LogFields }) {
    this.#clock = options.clock;
    this.#log = options.log;
    this.#about = options.about;
  }

  get figures(): EventStreamFigures {
    return this.#figures;
  }

  attempting(): void {
    const { attempt, received, consecutiveFailures, lagMs, ended } = this.#figures;
    this.#attemptedAt = this.#clock.monotonic();
    this.#received = 0;
    this.#figures = {
      attempt: attempt + 1,
      received,
      consecutiveFailures,
      ...(lagMs === undefined ? {} : { lagMs }),
      ...(ended === undefined ? {} : { ended }),
    };
  }

  live(): void {
    this.#liveAt = this.#clock.monotonic();
    this.#note({ startupMs: Math.round(this.#liveAt - this.#attemptedAt), liveSince: this.#clock.now() });
    this.#log.info('event stream live', this.#line());
  }

  received({ atMs }: DockerEvent): void {
    if (this.#figures.timeToFirstEventMs === undefined && this.#liveAt !== undefined) {
      const timeToFirstEventMs = Math.round(this.#clock.monotonic() - this.#liveAt);
      this.#note({ timeToFirstEventMs, consecutiveFailures: 0 });
    }
    this.#received += 1;
    this.#note({ received: this.#figures.received + 1 });
    if (atMs > 0) this.#note({ lagMs: this.#clock.now() - atMs });
  }

  healthy(): void {
    this.#note({ consecutiveFailures: 0 });
  }

  /** It ended by itself, or could not be had: a failure. */
  failed(cause: Failure, retryInMs: number): void {
    this.#note({ consecutiveFailures: this.#figures.consecutiveFailures + 1 });
    this.#ended(cause);
    this.#log.warn('event stream ended', { ...this.#line(), ...described(cause), retry_in_ms: retryInMs });
  }

  /** It was ended from here, for this reason; nothing where there was none. */
  stopped(cause: Failure): void {
    if (this.#liveAt === undefined) return;
    this.#ended(cause);
    this.#log.info('event stream ended', { ...this.#line(), ...described(cause) });
  }

  #ended(cause: Failure): void {
    const totalMs = this.#liveAt === undefined ? {} : { totalMs: Math.round(this.#clock.monotonic() - this.#liveAt) };
    const one = { at: this.#clock.now(), cause, received: this.#received, ...totalMs };
    const { liveSince: _, ...figures } = this.#figures;
    this.#liveAt = undefined;
    this.#figures = { ...figures, ...totalMs, ended: [...(figures.ended ?? []), one].slice(-endedKept) };
  }

  #note(figures: Partial<EventStreamFigures>): void {
    this.#figures = { ...this.#figures, ...figures };
  }

  /** Under the names by which operators' queries know them. */
  #line(): LogFields {
    const { attempt, startupMs, timeToFirstEventMs, consecutiveFailures, totalMs } = this.#figures;
    return {
      attempt,
      startup_duration_ms: startupMs,
      time_to_first_event_ms: timeToFirstEventMs,
      events_received: this.#received,
      total_duration_ms: totalMs,
      consecutive_failures: consecutiveFailures,
      ...this.#about(),
    };
  }
}

function described({ code, message }: Failure): LogFields {
  return { code, cause: message };
}
