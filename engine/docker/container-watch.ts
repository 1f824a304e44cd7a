import type { Container } from '../../shared/container.ts';
import { Backoff } from '../base/backoff.ts';
import { CoalescedPass } from '../base/coalesced.ts';
import type { Clock } from '../base/clock.ts';
import { DisposableStore, type Disposable } from '../base/disposables.ts';
import { Emitter } from '../base/emitter.ts';
import type { Logger } from '../base/logger.ts';
import type { Inspected } from './containers.ts';
import type { DockerEvent } from './events.ts';
import { StartPlans } from './start-plans.ts';

/** The two looks that the watch takes. */
export interface ContainerSource {
  list(): Promise<Container[]>;
  inspect(id: string): Promise<Inspected | undefined>;
}

/** A running container and when we heard of its start (monotonic ms), where we did. */
export interface WatchedContainer {
  readonly container: Container;
  readonly startHeardAt: number | undefined;
}

/** What the newest look at a container has told: how it runs, or that it does not. */
interface Sighting {
  /** The number of the look; an older one has nothing to add. */
  readonly look: number;
  readonly running: Container | undefined;
}

/** After a burst of events: wait for this much quiet … */
const quietMs = 100;
/** … but look at the latest after this long, or constant churn would starve us. */
const maxWaitMs = 500;
/** Even without any event: the stream is the fast path, this is the truth. */
const safetyListMs = 60_000;
/** Looks at single containers at a time; what is beyond them waits for the list that follows. */
const maxInspects = 32;
const relistDelaysMs = [1_000, 2_000, 5_000, 10_000, 30_000];

/** Actions after which one container is looked at, at once. After all others the whole list is. */
const lookAtOne = new Set([
  'create',
  'start',
  'restart',
  'die',
  'rename',
  'update',
  'unpause',
  'connect',
  'disconnect',
]);

/**
 * Which containers run, and how. Events only say where to look: `start` looks at that one container (and, where its ports
 * are fixed by configuration and known from `create`, believes them until the look confirms), and all but `create` lead to
 * a list soon after. Looks are numbered, so that a slow old answer never overrides a newer one.
 */
export class ContainerWatch implements Disposable {
  readonly #source: ContainerSource;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #owned = new DisposableStore();
  readonly #didChange = new Emitter<void>();
  readonly #sightings = new Map<string, Sighting>();
  readonly #plans = new StartPlans();
  /** When starts were heard, monotonic ms. */
  readonly #startsHeard = new Map<string, number>();
  /** Looks that are under way, by number: their answers may be older than what has been seen since. */
  readonly #underWay = new Set<number>();
  readonly #listPass: CoalescedPass;
  readonly #relist = new Backoff({ delaysMs: relistDelaysMs, jitter: 0.5 });
  #looks = 0;
  #inspects = 0;
  #quiet: Disposable | undefined;
  #listDueAt: number | undefined;

  /** The set of running containers, or one of them, is no longer what it was. */
  readonly onDidChange = this.#didChange.event;

  constructor(options: { source: ContainerSource; clock: Clock; log: Logger }) {
    this.#source = options.source;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#listPass = new CoalescedPass(() => this.#look((look) => this.#listOnce(look)));
    this.#owned.add(this.#clock.every(safetyListMs, () => this.#listLater()));
    this.#owned.defer(() => this.#quiet?.dispose());
  }

  get running(): readonly WatchedContainer[] {
    return [...this.#sightings].flatMap(([id, { running }]) =>
      running === undefined ? [] : [{ container: running, startHeardAt: this.#startsHeard.get(id) }],
    );
  }

  /** Lists now. Rejects when the daemon can't be asked; what is known stays. */
  async list(): Promise<void> {
    await this.#listPass.request();
  }

  observe({ action, containerId }: DockerEvent): void {
    if (containerId !== undefined) {
      const believed = action === 'start' && this.#believe(containerId);
      // The listener is up before the question is sent: on a busy machine a write can cost the rest of our time slice.
      if (believed) this.#clock.after(0, () => void this.#inspectOne(containerId));
      else if (lookAtOne.has(action)) void this.#inspectOne(containerId); // reports through the list where it fails
      if (action === 'destroy' || action === 'remove') this.#plans.forget(containerId);
    }
    if (action !== 'create') this.#listLater();
  }

  dispose(): Promise<void> {
    this.#didChange.dispose();
    return this.#owned.dispose();
  }

  /** Whether the container is taken to run, with the ports that were planned for it. */
  #believe(id: string): boolean {
    this.#startsHeard.set(id, this.#clock.monotonic());
    const planned = this.#plans.started(id, this.#clock.now());
    if (planned !== undefined) this.#see(id, { look: ++this.#looks, running: planned });
    return planned !== undefined;
  }

  async #inspectOne(id: string): Promise<void> {
    if (this.#owned.closed) return;
    if (this.#inspects >= maxInspects) return this.#listLater();
    this.#inspects += 1;
    try {
      await this.#look(async (look) => {
        const found = await this.#source.inspect(id);
        if (found !== undefined) this.#plans.learn(found);
        this.#see(id, { look, running: found?.running === true ? found.container : undefined });
      });
    } catch (error) {
      this.#log.debug('container could not be inspected', { id, error: String(error) });
      this.#listLater();
    } finally {
      this.#inspects -= 1;
    }
  }

  #listLater(): void {
    if (this.#owned.closed) return;
    const now = this.#clock.monotonic();
    this.#listDueAt ??= now + maxWaitMs;
    this.#listAfter(Math.min(quietMs, Math.max(0, this.#listDueAt - now)));
  }

  #listAfter(ms: number): void {
    void this.#quiet?.dispose();
    this.#quiet = this.#clock.after(ms, () => {
      this.#listDueAt = undefined;
      this.list().catch((error: unknown) => {
        this.#log.debug('containers could not be listed', { error: String(error) });
        if (this.#listDueAt === undefined && !this.#owned.closed) this.#listAfter(this.#relist.next());
      });
    });
  }

  async #listOnce(look: number): Promise<void> {
    const containers = await this.#source.list();
    this.#relist.reset();
    const listed = new Set(containers.map((container) => container.id));
    for (const container of containers) {
      const known = this.#sightings.get(container.id)?.running;
      this.#see(container.id, { look, running: completed(container, known) });
      if (known === undefined && container.hostNetwork) void this.#inspectOne(container.id); // the list hides what it exposes
    }
    for (const id of this.#sightings.keys()) if (!listed.has(id)) this.#see(id, { look, running: undefined });
    if (this.#underWay.size > 1) return;
    for (const id of this.#startsHeard.keys()) if (!listed.has(id)) this.#startsHeard.delete(id);
  }

  /** Takes a look under a number of its own, and afterwards forgets what only mattered to looks before it. */
  async #look(look: (number: number) => Promise<void>): Promise<void> {
    const number = ++this.#looks;
    this.#underWay.add(number);
    try {
      await look(number);
    } finally {
      this.#underWay.delete(number);
      this.#forgetGone();
    }
  }

  /** That a container is gone must be known for as long as an older look may still claim the contrary. */
  #forgetGone(): void {
    const oldest = Math.min(...this.#underWay);
    for (const [id, { look, running }] of this.#sightings) {
      if (running !== undefined || look > oldest) continue;
      this.#sightings.delete(id);
    }
  }

  #see(id: string, sighting: Sighting): void {
    const known = this.#sightings.get(id);
    if (this.#owned.closed || (known !== undefined && known.look > sighting.look)) return;
    this.#sightings.set(id, sighting);
    if (JSON.stringify(known?.running) !== JSON.stringify(sighting.running)) this.#didChange.fire();
  }
}

/** A row of the list with what only an inspect tells: when the container was started, what it exposes to the host's network, its image's name. */
function completed(listed: Container, known: Container | undefined): Container {
  if (known === undefined) return listed;
  const { startedAtMs, image } = known;
  return { ...listed, startedAtMs, image, exposed: listed.hostNetwork ? known.exposed : listed.exposed };
}
