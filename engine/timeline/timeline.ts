import type { AppState } from '../../shared/app-state.ts';
import type { TimelineEntry, TimelinePush, TimelineQuery } from '../../shared/timeline.ts';
import type { Clock } from '../base/clock.ts';
import { DisposableStore, type Disposable } from '../base/disposables.ts';
import { Emitter, type Event } from '../base/emitter.ts';
import type { StateStore } from '../state-store.ts';
import { turnsBetween, type Happening } from './story.ts';

/** What may be read of the timeline. */
export interface TimelineSource {
  /** What is remembered, oldest first. */
  read(query: TimelineQuery): TimelineEntry[];
  /** The same first, in one push that may be empty, then whatever comes; ends with `signal`. */
  watch(query: TimelineQuery, signal: AbortSignal): AsyncGenerator<TimelinePush, void>;
}

/** What was heard of a container, a network or the daemon. */
export interface DockerNews {
  readonly type: string;
  readonly action: string;
  readonly containerId: string | undefined;
  readonly name: string | undefined;
}

export interface TimelineOptions {
  readonly store: StateStore;
  readonly clock: Clock;
  /** How many entries of one kind are remembered of one host, so that a container in a crash loop pushes nothing else out. */
  readonly remembered?: number;
}

/** What a watcher who does not read may have waiting. */
const maxWaiting = 1_000;

/**
 * What has happened on each host, newest entries in memory: the story that the public state tells by its changes, and what
 * containers were heard to do.
 */
export class Timeline implements TimelineSource, Disposable {
  readonly #clock: Clock;
  readonly #remembered: number;
  readonly #owned = new DisposableStore();
  readonly #didAdd = new Emitter<TimelineEntry>();
  readonly #rings = new Map<string, TimelineEntry[]>();
  /** When what is now so began, by subject; monotonic ms. */
  readonly #marks = new Map<string, number>();
  #state: AppState;
  #seq = 0;

  readonly onDidAdd: Event<TimelineEntry> = this.#didAdd.event;

  constructor({ store, clock, remembered = 500 }: TimelineOptions) {
    this.#clock = clock;
    this.#remembered = remembered;
    this.#state = store.state;
    this.#owned.add(this.#didAdd);
    this.#owned.add(store.onDidChange((state) => this.#changed(state)));
  }

  /** Docker told of something; what concerns no container is left out. */
  heard(hostId: string, { type, action, containerId, name }: DockerNews): void {
    if (type !== 'container' || containerId === undefined) return;
    const container = name === undefined ? {} : { container: name };
    this.#add({ kind: 'container', hostId, action, containerId, ...container });
  }

  read({ hostId, kinds, tail }: TimelineQuery): TimelineEntry[] {
    const found = [...this.#rings.values()]
      .flat()
      .filter((entry) => matches(entry, { hostId, kinds }))
      .sort((a, b) => a.seq - b.seq);
    return tail === undefined ? found : found.slice(Math.max(0, found.length - tail));
  }

  async *watch(query: TimelineQuery, signal: AbortSignal): AsyncGenerator<TimelinePush, void> {
    let push: TimelinePush = { entries: this.read(query), missed: 0 };
    let wake = (): void => undefined;
    const listening = this.#didAdd.event((entry) => {
      if (!matches(entry, query)) return;
      push.entries.push(entry);
      if (push.entries.length > maxWaiting) {
        push.entries.shift();
        push.missed += 1;
      }
      wake();
    });
    const onAbort = (): void => wake();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      while (!signal.aborted) {
        const next = push;
        push = { entries: [], missed: 0 };
        yield next;
        await new Promise<void>((resolve) => {
          wake = resolve;
          if (push.entries.length > 0 || signal.aborted) resolve();
        });
      }
    } finally {
      await listening.dispose();
      signal.removeEventListener('abort', onAbort);
    }
  }

  dispose(): Promise<void> {
    return this.#owned.dispose();
  }

  #changed(state: AppState): void {
    const before = this.#state;
    this.#state = state;
    for (const { happening, subject, over } of turnsBetween(before, state)) {
      this.#add({ ...this.#lasted(subject, over === true), ...happening });
    }
    for (const hostId of Object.keys(before.hosts)) if (!Object.hasOwn(state.hosts, hostId)) this.#forget(hostId);
  }

  /** For how long the subject was what it was, where that was seen to begin. */
  #lasted(subject: string | undefined, over: boolean): { lastedMs?: number } {
    if (subject === undefined) return {};
    const began = this.#marks.get(subject);
    const now = this.#clock.monotonic();
    if (over) this.#marks.delete(subject);
    else this.#marks.set(subject, now);
    return began === undefined ? {} : { lastedMs: Math.round(now - began) };
  }

  #add(happening: Happening): void {
    this.#seq += 1;
    const entry: TimelineEntry = { seq: this.#seq, at: this.#clock.now(), ...happening };
    const key = `${entry.hostId ?? ''} ${entry.kind}`;
    const ring = this.#rings.get(key) ?? [];
    this.#rings.set(key, ring);
    ring.push(entry);
    if (ring.length > this.#remembered) ring.shift();
    this.#didAdd.fire(entry);
  }

  /** The host is no longer one of ours. */
  #forget(hostId: string): void {
    for (const key of this.#rings.keys()) if (key.startsWith(`${hostId} `)) this.#rings.delete(key);
    for (const subject of this.#marks.keys()) if (subject.startsWith(`${hostId} `)) this.#marks.delete(subject);
  }
}

function matches({ hostId, kind }: TimelineEntry, query: Pick<TimelineQuery, 'hostId' | 'kinds'>): boolean {
  return (query.hostId === undefined || query.hostId === hostId) && (query.kinds?.includes(kind) ?? true);
}
