import { expect, test } from 'vitest';
import { desiredForwards } from '../../engine/forward/desired.ts';
import { previewRules, ruleFor, withRule, type ForwardsUnderRules } from '../../engine/port-rules.ts';
import { composeProjectLabel, composeServiceLabel, type Container } from '../../shared/container.ts';
import type { Rule } from '../../shared/rule.ts';

function container(
  name: string,
  hostPort: number,
  containerPort: number,
  labels: Record<string, string> = {},
): Container {
  return {
    ...{
      id: `id-of-${name}`,
      name,
      image: `${name}:1`,
      labels,
      exposed: [],
      addresses: [],
      hostNetwork: false,
      startedAtMs: 0,
    },
    published: [{ hostAddress: '0.0.0.0', hostPort, containerPort, protocol: 'tcp' }],
  };
}

const containers = [
  container('db', 5433, 5432),
  container('shop-web-1', 8080, 80, { [composeProjectLabel]: 'shop', [composeServiceLabel]: 'web' }),
];

function under(rules: readonly Rule[]): ForwardsUnderRules {
  const forwards = desiredForwards({
    hostId: 'shop',
    running: containers.map((one) => ({ container: one, startHeardAt: undefined })),
    lingering: [],
    manual: [{ id: 'manual-1', target: { kind: 'tcp', address: '127.0.0.1', port: 22 }, localPort: 2222 }],
    rules,
    policy: 'remap',
    allowLan: false,
    paused: { all: false, ids: new Set() },
  });
  return { hostId: 'shop', forwards, containers };
}

test('a preview says which rule decides each port, and what becomes of it', () => {
  const rules: Rule[] = [{ match: { image: 'nothing*' } }, { match: { port: 5432 }, ignore: true }];
  expect(previewRules(rules, under(rules))).toEqual([
    { hostId: 'shop', forwardId: 'db:5433/tcp', container: 'db', rule: 1, localPort: 5433, becomes: 'ignored' },
    { hostId: 'shop', forwardId: 'shop/web:8080/tcp', container: 'web', localPort: 8080, becomes: 'open' },
  ]);
});

test('a decision about a port becomes a rule that still speaks of it when its container is recreated', () => {
  expect([
    ruleFor(under([]), 'db:5433/tcp', { localPort: 15432 }),
    ruleFor(under([]), 'shop/web:8080/tcp', { ignore: true }),
    ruleFor(under([]), 'manual-1', { ignore: true }),
  ]).toEqual([
    { host: 'shop', match: { container: 'db', port: 5432 }, localPort: 15432 },
    { host: 'shop', match: { project: 'shop', service: 'web', port: 80 }, ignore: true },
    undefined,
  ]);
});

test('the rule does what was decided, and a later decision takes its place', () => {
  const first = ruleFor(under([]), 'db:5433/tcp', { localPort: 15432 }) as Rule;
  const other: Rule = { match: { image: '*' }, policy: 'require' };
  const rules = withRule([other], first);
  expect(under(rules).forwards.find(({ id }) => id === 'db:5433/tcp')?.requestedPort).toBe(15432);
  const second = ruleFor(under(rules), 'db:5433/tcp', { ignore: true }) as Rule;
  expect(withRule(rules, second)).toEqual([second, other]);
});
