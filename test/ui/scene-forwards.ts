import type { ForwardSelection } from '../../engine/commands.ts';
import { composeProjectLabel, composeServiceLabel } from '../../shared/container.ts';
import type { ForwardView } from '../../shared/forward.ts';
import { firstMatch, type Rule } from '../../shared/rule.ts';
import type { RulePreview } from '../../shared/settings-view.ts';
import { FakeForwards } from '../engine/serve/fake-forwards.ts';

/** Forwards that do what they are told. */
export class SceneForwards extends FakeForwards {
  override async pause(selection: ForwardSelection): Promise<void> {
    await super.pause(selection);
    this.#set(selection, 'paused');
  }

  override async resume(selection: ForwardSelection): Promise<void> {
    await super.resume(selection);
    this.#set(selection, 'listening');
  }

  override previewRules(rules: readonly Rule[]): RulePreview[] {
    return Object.values(this.store.state.hosts).flatMap((host) =>
      Object.values(host.forwards).map((forward) => preview(rules, host.id, forward)),
    );
  }

  #set({ hostId, forwardId }: ForwardSelection, state: ForwardView['state']): void {
    if (hostId === undefined || forwardId === undefined) return;
    this.store.updateHost(hostId, (host) => {
      const forward = host.forwards[forwardId];
      return forward === undefined
        ? host
        : { ...host, forwards: { ...host.forwards, [forwardId]: { ...forward, state } } };
    });
  }
}

function preview(rules: readonly Rule[], hostId: string, forward: ForwardView): RulePreview {
  const { id: forwardId, container: name = '', service, image = '', remote, requestedPort } = forward;
  const labels = { [composeProjectLabel]: forward.project ?? '', [composeServiceLabel]: service ?? '' };
  const container = {
    id: '',
    name,
    image,
    labels,
    published: [],
    exposed: [],
    addresses: [],
    hostNetwork: false,
    startedAtMs: 0,
  };
  const decides = firstMatch(rules, hostId, container, remote.port);
  return {
    hostId,
    forwardId,
    container: service ?? name,
    ...(decides === undefined ? {} : { rule: rules.indexOf(decides) }),
    localPort: decides?.localPort ?? requestedPort,
    becomes: decides?.ignore === true ? 'ignored' : 'open',
  };
}
