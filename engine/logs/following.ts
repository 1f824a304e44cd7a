import { toFailure } from '../../shared/failure.ts';
import type { LogEvent, LogFollowRequest, LogLine } from '../../shared/log.ts';
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposables.ts';
import { CoalescedPass } from '../base/coalesced.ts';
import { ArrivalMerge } from './arrival-merge.ts';
import { ContainerTail } from './container-tail.ts';
import { LogCursor } from './cursor.ts';
import type { DecodedLine } from './line-decoder.ts';
import type { ReadContainer } from './log-history.ts';
import type { LogMemory, RingLimits } from './line-ring.ts';
import type { LogHost, LoggedContainer } from './log-host.ts';
import { Outbox } from './outbox.ts';
import { linesOf, type FoundSubject, type Palette } from './sources.ts';

export interface FollowOptions {
  readonly host: LogHost;
  readonly subject: FoundSubject;
  readonly request: LogFollowRequest;
  readonly limits: RingLimits;
  readonly memory: LogMemory;
  readonly clock: Clock;
}

/** Follows one container, or all of a project and those that join it, for one reader. */
export class Following {
  readonly #options: FollowOptions;
  readonly #palette: Palette;
  readonly #outbox: Outbox;
  readonly #merge: ArrivalMerge;
  readonly #known = new Set<string>();
  readonly #left = new AbortController();
  readonly #isProject: boolean;

  constructor(options: FollowOptions, palette: Palette, containers: readonly ReadContainer[]) {
    const { limits, memory, clock, subject, request } = options;
    this.#options = options;
    this.#palette = palette;
    this.#outbox = new Outbox({ limits, memory, clock, whenSlow: request.whenSlow });
    this.#merge = new ArrivalMerge(clock, (lines) => this.#outbox.push(lines));
    this.#isProject = subject.kind === 'project';
    for (const { id } of subject.containers) this.#known.add(id);
    for (const { container, cursor } of containers) this.#follow(container, cursor, true);
  }

  /** What comes, in batches. Who stops reading, or aborts, ends all of it. */
  async *events(signal: AbortSignal): AsyncGenerator<LogEvent, void> {
    const newcomers = this.#isProject ? this.#watchForNewcomers() : undefined;
    try {
      yield* this.#outbox.events(signal);
    } finally {
      this.#left.abort(new Error('nobody reads this log any more'));
      await newcomers?.dispose();
      this.#merge.dispose();
    }
  }

  #follow(container: LoggedContainer, cursor: LogCursor, attached: boolean): void {
    const { host, clock } = this.#options;
    const tail = new ContainerTail({
      ...{ host, clock, cursor, attached },
      reference: this.#isProject ? container.id : container.name,
      comesBack: !this.#isProject,
      take: (lines, from) => this.#take(lines, from),
      attach: (found) => this.#note({ kind: 'attached', source: this.#palette.sourceOf(found) }),
      end: (last, reason, error) => {
        const failure = error === undefined ? {} : { failure: toFailure(error) };
        this.#note({ kind: 'ended', container: (last ?? container).name, reason, ...failure });
      },
    });
    tail.run(this.#left.signal).catch(() => undefined); // ends when nobody reads any more; all else it tells
  }

  #take(lines: readonly DecodedLine[], container: LoggedContainer): Promise<void> | undefined {
    const named: LogLine[] = linesOf(container, lines);
    if (this.#isProject) this.#merge.push(named);
    else this.#outbox.push(named);
    return this.#options.request.whenSlow === 'wait' ? this.#outbox.roomy(this.#left.signal) : undefined;
  }

  #note(event: LogEvent): void {
    this.#merge.flush();
    this.#outbox.note(event);
  }

  #watchForNewcomers(): Disposable {
    const { host, subject } = this.#options;
    const look = new CoalescedPass(async () => {
      const containers = await host.logs.loggedContainersOf(subject.name);
      if (this.#left.signal.aborted) return;
      for (const container of containers) {
        if (this.#known.has(container.id)) continue;
        this.#known.add(container.id);
        this.#follow(container, new LogCursor(), false);
      }
    });
    const listen = (): void => void look.request().catch(() => undefined); // while Docker can't be asked; then it changes again
    listen();
    return host.onDidChangeDocker(listen);
  }
}
