import type { ForwardCommands, ForwardSelection, NewForward } from '../../../engine/commands.ts';
import type { StateStore } from '../../../engine/state-store.ts';
import type { Rule } from '../../../shared/rule.ts';
import type { RulePreview } from '../../../shared/settings-view.ts';

/** Notes what is asked of it in `asked`. */
export class FakeForwards implements ForwardCommands {
  readonly store: StateStore;
  readonly #asked: unknown[];

  constructor(store: StateStore, asked: unknown[]) {
    this.store = store;
    this.#asked = asked;
  }

  async add(forward: NewForward): Promise<string> {
    this.#asked.push(['add-forward', forward]);
    return 'manual-1';
  }

  async remove(hostId: string, forwardId: string): Promise<void> {
    this.#asked.push(['remove-forward', hostId, forwardId]);
  }

  async remap(hostId: string, forwardId: string, localPort: number): Promise<void> {
    this.#asked.push(['remap', hostId, forwardId, localPort]);
  }

  async ignore(hostId: string, forwardId: string): Promise<void> {
    this.#asked.push(['ignore', hostId, forwardId]);
  }

  async pause(selection: ForwardSelection): Promise<void> {
    this.#asked.push(['pause', selection]);
  }

  async resume(selection: ForwardSelection): Promise<void> {
    this.#asked.push(['resume', selection]);
  }

  async replaceRules(rules: readonly Rule[]): Promise<void> {
    this.#asked.push(['rules', rules]);
    this.store.update((state) => ({ ...state, settings: { ...state.settings, rules: [...rules] } }));
  }

  previewRules(_rules: readonly Rule[]): RulePreview[] {
    return [];
  }
}
