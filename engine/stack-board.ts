import type { DeployEvent } from '../shared/deployment.ts';
import { projectOf, type Stack } from '../shared/stack.ts';
import type { StackAction, StackStatus, StackView } from '../shared/stack-view.ts';
import type { Clock } from './base/clock.ts';
import { isBusy, stackAfter } from './deploy/stack-status.ts';
import type { StateStore } from './state-store.ts';

/** The stacks in the public state: those of the settings, each with what is known of it since this engine started. */
export class StackBoard {
  readonly #store: StateStore;
  readonly #clock: Clock;
  /** How each stack was before the run that is at it. */
  readonly #settled = new Map<string, StackStatus>();

  constructor(store: StateStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Brings the board in line with the settings. */
  reconcile(stacks: readonly Stack[]): void {
    this.#store.update((state) => {
      const before = new Map(Object.entries(state.stacks));
      const views = stacks.map((stack) => shown(stack, before.get(stack.name)));
      const isSame = views.length === before.size && views.every((view) => view === before.get(view.name));
      return isSame ? state : { ...state, stacks: Object.fromEntries(views.map((view) => [view.name, view])) };
    });
    const known = Object.values(this.#store.state.stacks).filter(({ status }) => status.kind !== 'idle');
    const names = new Set(known.map(({ name }) => name));
    for (const name of this.#settled.keys()) if (!names.has(name)) this.#settled.delete(name);
  }

  /** Follows a run; its events come in their order, `begun` first. */
  hear(run: string, action: StackAction, event: DeployEvent): void {
    const occasion = { run, action, at: this.#clock.now() };
    for (const name of event.kind === 'begun' ? event.stacks : [event.stack]) {
      this.#change(name, (view) => stackAfter(view, event, occasion, this.#settled.get(name) ?? { kind: 'idle' }));
    }
  }

  /** The run is over, whether all of its stacks had an end or not. */
  over(run: string): void {
    for (const [name, { status }] of Object.entries(this.#store.state.stacks)) {
      if (!isBusy(status) || status.run !== run) continue;
      this.#change(name, (view) => ({ ...view, status: this.#settled.get(name) ?? { kind: 'idle' } }));
    }
  }

  #change(name: string, change: (view: StackView) => StackView): void {
    this.#store.update((state) => {
      if (!Object.hasOwn(state.stacks, name)) return state;
      const before = state.stacks[name] as StackView;
      const view = change(before);
      if (!isBusy(view.status)) this.#settled.set(name, view.status);
      return view === before ? state : { ...state, stacks: { ...state.stacks, [name]: view } };
    });
  }
}

/** A stack that moved to another host, or has another name there, is one that nothing is known of. */
function shown(stack: Stack, before: StackView | undefined): StackView {
  const place = { name: stack.name, hostId: stack.host, dir: stack.dir, project: projectOf(stack) };
  if (before === undefined || before.hostId !== place.hostId || before.project !== place.project)
    return { ...place, status: { kind: 'idle' } };
  return before.dir === place.dir ? before : { ...before, dir: place.dir };
}
