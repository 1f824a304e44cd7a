import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Container } from '../../shared/container.ts';
import { firstMatch, ruleSchema, wildcard, type Rule } from '../../shared/rule.ts';

const web: Container = {
  id: 'a'.repeat(64),
  name: 'shop-web-1',
  image: 'nginx:1.27',
  labels: { 'com.docker.compose.project': 'shop', 'com.docker.compose.service': 'web', tier: 'front=end' },
  published: [],
  exposed: [],
  addresses: [],
  hostNetwork: false,
  startedAtMs: 0,
};

test('the first rule that matches decides', () => {
  const rules: Rule[] = [
    { match: { container: 'db' }, ignore: true },
    { match: { project: 'shop' }, localPort: 8080 },
    { match: {}, ignore: true },
  ];
  expect(firstMatch(rules, 'host', web, 80)).toBe(rules[1]);
});

test('a rule of another host is passed over', () => {
  expect(firstMatch([{ host: 'edge-*', match: {}, ignore: true }], 'shop', web, 80)).toBeUndefined();
});

test.each<[Rule['match'], boolean]>([
  [{ container: 'shop-*' }, true],
  [{ container: 'shop' }, false],
  [{ image: 'nginx*' }, true],
  [{ service: 'web', project: 'other' }, false],
  [{ label: 'tier' }, true],
  [{ label: 'tier=front=end' }, true],
  [{ label: 'tier=back*' }, false],
  [{ port: 80 }, true],
  [{ port: '79-81' }, true],
  [{ port: '81-90' }, false],
])('%j matches: %j', (match, expected) => {
  expect(firstMatch([{ match }], 'host', web, 80) !== undefined).toBe(expected);
});

test('a misspelt key of a rule is refused', () => {
  expect(ruleSchema.safeParse({ match: { name: 'x' } }).success).toBe(false);
});

describe('wildcard', () => {
  test('says the same as the regular expression it stands for', () => {
    const text = fc.stringMatching(/^[ab*]{0,8}$/);
    fc.assert(
      fc.property(text, fc.stringMatching(/^[ab]{0,12}$/), (pattern, name) => {
        expect(wildcard(pattern, name)).toBe(new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(name));
      }),
    );
  });
});
