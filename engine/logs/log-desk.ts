import { toFailure } from '../../shared/failure.ts';
import type {
  LogEvent,
  LogFollowRequest,
  LogPage,
  LogReadRequest,
  LogSubject,
  OwnLogRequest,
} from '../../shared/log.ts';
import { FailureError } from '../../shared/failure.ts';
import { sleep, type Clock } from '../base/clock.ts';
import type { LogMemory, RingLimits } from './line-ring.ts';
import { ambiguousSubject, noSubject } from './log-failures.ts';
import { followLog } from './log-follow.ts';
import type { LogHost } from './log-host.ts';
import { readPage } from './log-page.ts';
import { followOwnLog, type OwnLog } from './own-log.ts';
import { findSubject, type FoundSubject } from './sources.ts';

export interface LogDeskOptions {
  readonly hosts: ReadonlyMap<string, LogHost>;
  /** Resolves when the host's Docker answers; rejects when it won't by itself, or there is no such host. */
  readonly ready: (hostId: string, signal: AbortSignal) => Promise<void>;
  readonly clock: Clock;
  readonly own: OwnLog;
  readonly limits?: RingLimits;
}

/** What one reader may leave untaken, and what all may together. */
const defaultLimits: RingLimits = { lines: 50_000, bytes: 32 * 1024 * 1024 };
const allReadersBytes = 128 * 1024 * 1024;
/** When one host has it: how long the others have to say that they do too. */
const graceMs = 500;

interface Found {
  readonly hostId: string;
  readonly host: LogHost;
  readonly subject: FoundSubject;
}

/** The logs of all hosts' containers, page by page or as they come, and our own. */
export class LogDesk {
  readonly #options: LogDeskOptions;
  readonly #memory: LogMemory = { limitBytes: allReadersBytes, usedBytes: 0 };

  constructor(options: LogDeskOptions) {
    this.#options = options;
  }

  async read(request: LogReadRequest, signal: AbortSignal): Promise<LogPage> {
    const { host, subject } = await this.#find(request, signal);
    return readPage(host.logs, subject.containers, request, signal);
  }

  async *follow(request: LogFollowRequest, signal: AbortSignal): AsyncGenerator<LogEvent, void> {
    const { clock, limits = defaultLimits } = this.#options;
    try {
      const { host, subject } = await this.#find(request, signal);
      yield* followLog({ host, subject, request, limits, memory: this.#memory, clock }, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  /** The engine's own log, as that of a container. */
  async *own({ tail }: OwnLogRequest, signal: AbortSignal): AsyncGenerator<LogEvent, void> {
    try {
      yield* followOwnLog({ own: this.#options.own, tail, clock: this.#options.clock }, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  async #find({ name, hostId, kind }: LogSubject, signal: AbortSignal): Promise<Found> {
    const { hosts, ready, clock } = this.#options;
    const ids = hostId === undefined ? [...hosts.keys()] : [hostId];
    const found: Found[] = [];
    const failures: unknown[] = [];
    const hit = Promise.withResolvers<void>();
    const over = new AbortController();
    const looks = ids.map(async (id) => {
      try {
        await ready(id, signal);
        const host = hosts.get(id);
        const subject = host && (await findSubject(host.logs, name, kind));
        if (host === undefined || subject === undefined) return;
        found.push({ hostId: id, host, subject });
        hit.resolve();
      } catch (error) {
        failures.push(error);
      }
    });
    const late = hit.promise.then(() => sleep(clock, graceMs, AbortSignal.any([signal, over.signal])));
    try {
      await Promise.race([Promise.all(looks), late]);
    } finally {
      over.abort();
    }
    signal.throwIfAborted();
    const [only, ...more] = found;
    if (more.length > 0)
      throw ambiguousSubject(
        name,
        found.map((one) => one.hostId),
      );
    if (only !== undefined) return only;
    if (failures.length > 0) throw new FailureError(toFailure(failures[0]), { cause: failures[0] });
    throw noSubject(name, kind, ids);
  }
}
