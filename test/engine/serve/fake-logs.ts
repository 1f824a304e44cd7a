import { EventEmitter, on } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import type { LogCommands } from '../../../engine/commands.ts';
import { FailureError } from '../../../shared/failure.ts';
import type { LogEvent, LogFollowRequest, LogPage, LogReadRequest, OwnLogRequest } from '../../../shared/log.ts';

/** Tells what a test has put there, and remembers what was asked. */
export class FakeLogs implements LogCommands {
  readonly asked: (LogReadRequest | LogFollowRequest | OwnLogRequest)[] = [];
  page: LogPage = { sources: [], lines: [], more: false };
  events: LogEvent[] = [];
  ownEvents: LogEvent[] = [];
  readonly #own = new EventEmitter();
  /** The one name that there is; undefined for any. */
  name: string | undefined;

  read(request: LogReadRequest): Promise<LogPage> {
    this.asked.push(request);
    return Promise.resolve(this.page);
  }

  /** With a signal, what is followed goes on until that is aborted. */
  async *follow(request: LogFollowRequest, signal?: AbortSignal): AsyncGenerator<LogEvent> {
    this.asked.push(request);
    if (this.name !== undefined && request.name !== this.name) {
      throw new FailureError({ code: 'log-subject-not-found', message: `There is no ${request.name}.`, hint: 'Look.' });
    }
    yield* this.events;
    if (signal !== undefined && !request.once) await setTimeout(60_000, undefined, { signal }).catch(() => undefined);
  }

  async *own(request: OwnLogRequest, signal: AbortSignal): AsyncGenerator<LogEvent> {
    this.asked.push(request);
    const coming = on(this.#own, 'event', { signal }) as AsyncIterable<[LogEvent]>;
    yield* this.ownEvents;
    try {
      for await (const [event] of coming) yield event;
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  /** To those who read our own log now. */
  tellOwn(event: LogEvent): void {
    this.#own.emit('event', event);
  }
}
