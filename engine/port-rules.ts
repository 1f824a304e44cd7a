import { composeProjectLabel, composeServiceLabel, type Container } from '../shared/container.ts';
import { firstMatch, type Rule } from '../shared/rule.ts';
import type { RulePreview } from '../shared/settings-view.ts';
import type { DesiredForward } from './forward/desired.ts';

/** The forwards of one host under some set of rules, with the containers they were made from. */
export interface ForwardsUnderRules {
  readonly hostId: string;
  readonly forwards: readonly DesiredForward[];
  readonly containers: readonly Container[];
}

/** What a person decides about one port. */
export type PortDecision = { readonly localPort: number } | { readonly ignore: true };

/** What the rules make of each container's port; manual forwards are nobody's but the user's. */
export function previewRules(
  rules: readonly Rule[],
  { hostId, forwards, containers }: ForwardsUnderRules,
): RulePreview[] {
  return forwards.flatMap((forward) => {
    const container = containers.find(({ id }) => id === forward.containerId);
    if (container === undefined) return [];
    const decides = firstMatch(rules, hostId, container, containerPortOf(forward, container));
    const { kind } = forward.disposition;
    return {
      hostId,
      forwardId: forward.id,
      container: forward.service ?? container.name,
      ...(decides === undefined ? {} : { rule: rules.indexOf(decides) }),
      localPort: forward.requestedPort,
      becomes: kind === 'linger' ? 'open' : kind,
    };
  });
}

/** A rule that speaks of this one port, and goes on to do so when its container is recreated. */
export function ruleFor(under: ForwardsUnderRules, forwardId: string, decision: PortDecision): Rule | undefined {
  const forward = under.forwards.find(({ id }) => id === forwardId);
  const container = under.containers.find(({ id }) => id === forward?.containerId);
  if (forward === undefined || container === undefined) return undefined;
  const project = container.labels[composeProjectLabel];
  const service = container.labels[composeServiceLabel];
  const who = project === undefined || service === undefined ? { container: container.name } : { project, service };
  return { host: under.hostId, match: { ...who, port: containerPortOf(forward, container) }, ...decision };
}

/** The rules with this one first, in place of an earlier one about the very same ports. */
export function withRule(rules: readonly Rule[], rule: Rule): Rule[] {
  const about = ({ host, match }: Rule): string => JSON.stringify([host, match]);
  return [rule, ...rules.filter((other) => about(other) !== about(rule))];
}

/** The target of a published port is the host's; one that is reached directly is the container's own. */
function containerPortOf(forward: DesiredForward, container: Container): number {
  const port = forward.target.kind === 'tcp' ? forward.target.port : 0;
  const published = container.published.find(
    ({ hostPort, protocol }) => hostPort === port && protocol === forward.protocol,
  );
  return published?.containerPort ?? port;
}
