import { z } from 'zod';
import { composeProjectLabel, composeServiceLabel, type Container } from './container.ts';

const portSchema = z.int().min(1).max(65535);

/** What a rule looks at. All that is given must match; text may hold `*`. `port` is the container's port. */
export const ruleMatchSchema = z.strictObject({
  container: z.string().optional(),
  label: z.string().optional(),
  project: z.string().optional(),
  service: z.string().optional(),
  image: z.string().optional(),
  port: z.union([portSchema, z.string().regex(/^\d{1,5}-\d{1,5}$/)]).optional(),
});

/** A port rule. The first rule that matches a port decides; what it leaves out keeps its default. */
export const ruleSchema = z.strictObject({
  host: z.string().optional(),
  match: ruleMatchSchema,
  ignore: z.boolean().optional(),
  localPort: portSchema.optional(),
  /** Local address to bind; anything but loopback also needs `allowLan`. */
  bind: z.string().optional(),
  /** `remap`: another local port if the wanted one is taken. `require`: this one or none. */
  policy: z.enum(['remap', 'require']).optional(),
  /** Also forward ports that are exposed but not published, through the container's own address. */
  unpublished: z.boolean().optional(),
});
export type Rule = z.infer<typeof ruleSchema>;

/** The first rule that speaks of this container's port, or undefined. */
export function firstMatch(
  rules: readonly Rule[],
  hostId: string,
  container: Container,
  containerPort: number,
): Rule | undefined {
  return rules.find(
    (rule) => (rule.host === undefined || wildcard(rule.host, hostId)) && matches(rule, container, containerPort),
  );
}

function matches({ match }: Rule, container: Container, containerPort: number): boolean {
  return (
    (match.container === undefined || wildcard(match.container, container.name)) &&
    (match.image === undefined || wildcard(match.image, container.image)) &&
    (match.project === undefined || wildcard(match.project, container.labels[composeProjectLabel] ?? '')) &&
    (match.service === undefined || wildcard(match.service, container.labels[composeServiceLabel] ?? '')) &&
    (match.label === undefined || matchesLabel(match.label, container.labels)) &&
    (match.port === undefined || matchesPort(match.port, containerPort))
  );
}

function matchesLabel(wanted: string, labels: Readonly<Record<string, string>>): boolean {
  const split = wanted.indexOf('=');
  const key = split < 0 ? wanted : wanted.slice(0, split);
  if (!Object.hasOwn(labels, key)) return false; // not `in`: labels come from strangers, and every object has a toString
  return split < 0 || wildcard(wanted.slice(split + 1), labels[key] ?? '');
}

function matchesPort(wanted: number | string, port: number): boolean {
  if (typeof wanted === 'number') return wanted === port;
  const [low = 0, high = 0] = wanted.split('-').map(Number);
  return low <= port && port <= high;
}

/** `*` stands for any run of characters. Linear in time, whatever the pattern: names come from strangers. */
export function wildcard(pattern: string, text: string): boolean {
  const parts = pattern.split('*');
  const first = parts[0] ?? '';
  const last = parts[parts.length - 1] ?? '';
  if (parts.length === 1) return pattern === text;
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
  let from = first.length;
  for (const part of parts.slice(1, -1)) {
    const at = text.indexOf(part, from);
    if (at < 0 || at + part.length > text.length - last.length) return false;
    from = at + part.length;
  }
  return true;
}
