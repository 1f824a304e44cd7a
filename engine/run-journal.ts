import type { DeployEvent } from '../shared/deployment.ts';
import { Emitter } from './base/emitter.ts';

/** How many events of a stack's newest run are kept for those who come later; of more, the oldest output goes first. */
const defaultKept = 4_000;

/** What the newest run of a stack has told. Numbers go on counting where old output has been dropped. */
interface Track {
  readonly run: string;
  readonly events: { readonly number: number; readonly event: DeployEvent }[];
  readonly grown: Emitter<void>;
  told: number;
  over: boolean;
}

/** The newest run of each stack, to be read along by any number of people, from its beginning, whoever has started it. */
export class RunJournal {
  readonly #kept: number;
  readonly #tracks = new Map<string, Track>();

  constructor(kept = defaultKept) {
    this.#kept = kept;
  }

  /** Events come in their order, `begun` first. While one run is at a stack, another one, which is refused, is not written down. */
  hear(run: string, event: DeployEvent): void {
    for (const stack of event.kind === 'begun' ? event.stacks : [event.stack]) {
      const current = this.#tracks.get(stack);
      if (event.kind === 'begun' && current?.over !== false) this.#tracks.set(stack, newTrack(run));
      const track = this.#tracks.get(stack);
      if (track?.run === run) this.#write(track, event);
    }
  }

  /** The run is over, whether all of its stacks had an end or not. */
  over(run: string): void {
    for (const track of this.#tracks.values()) if (track.run === run) end(track);
  }

  /** What the newest run of the stack has told and tells; ends with it, or at once where there is none. */
  async *follow(stack: string, signal: AbortSignal): AsyncGenerator<DeployEvent, void> {
    const track = this.#tracks.get(stack);
    let read = 0;
    while (track !== undefined) {
      const from = track.events.findLastIndex(({ number }) => number <= read) + 1;
      const fresh = track.events.slice(from);
      read = track.told;
      for (const { event } of fresh) yield event;
      if (read < track.told) continue;
      if (track.over || signal.aborted) return;
      await grown(track, signal);
    }
  }

  #write(track: Track, event: DeployEvent): void {
    const { events } = track;
    if (isBytes(event) && isBytes(events.at(-1)?.event)) events.pop();
    events.push({ number: (track.told += 1), event });
    if (events.length > this.#kept)
      events.splice(
        Math.max(
          0,
          events.findIndex(({ event: old }) => isOutput(old)),
        ),
        1,
      );
    if (event.kind === 'result' || event.kind === 'verified' || event.kind === 'skipped') end(track);
    else track.grown.fire();
  }
}

function newTrack(run: string): Track {
  return { run, events: [], grown: new Emitter(), told: 0, over: false };
}

function end(track: Track): void {
  track.over = true;
  track.grown.fire();
}

function grown(track: Track, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      void listening.dispose(); // synchronous
      signal.removeEventListener('abort', done);
      resolve();
    };
    const listening = track.grown.event(done);
    signal.addEventListener('abort', done, { once: true });
  });
}

function isBytes(event: DeployEvent | undefined): boolean {
  return event?.kind === 'progress' && event.progress.kind === 'bytes';
}

function isOutput(event: DeployEvent): boolean {
  return event.kind === 'progress' && event.progress.kind === 'output';
}

/** Lets a run go on by itself: it is read to its end, and ends only by being cancelled. Resolves with its name; rejects where it does not begin. */
export async function letRun(events: AsyncGenerator<DeployEvent, void>): Promise<string> {
  const first = await events.next();
  if (first.done === true || first.value.kind !== 'begun') throw new Error('a run begins with `begun`');
  void drain(events); // what becomes of it is told by the state and the journal
  return first.value.run;
}

async function drain(events: AsyncIterable<DeployEvent>): Promise<void> {
  try {
    for await (const _ of events);
  } catch {
    // an end like any other: `over` was told
  }
}
