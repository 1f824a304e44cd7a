import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchesPattern, matchesPatternList } from '../../../engine/ssh/pattern.ts';

test('a star is any run of characters and a question mark is one', () => {
  const matching = ['web.example.com', 'web', 'wxb', 'we', 'webb'].filter((text) => matchesPattern(text, 'w?b*'));
  expect(matching).toEqual(['web.example.com', 'web', 'wxb', 'webb']);
});

test('a pattern matches what the regular expression of the same meaning matches', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '.', '[') });
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '?', '[') });
  fc.assert(
    fc.property(text, pattern, (t, p) => {
      const source = p.replace(/[.[]/g, '\\$&').replace(/\*/g, '.*').replace(/\?/g, '.');
      expect(matchesPattern(t, p)).toBe(new RegExp(`^${source}$`).test(t));
    }),
  );
});

test('many stars over a long text take no time to speak of', () => {
  expect(matchesPattern('a'.repeat(20_000), `${'*a'.repeat(50)}b`)).toBe(false);
});

test('a list needs one match and bears no negated one, in any order', () => {
  expect([
    matchesPatternList('web', ['*', '!db']),
    matchesPatternList('db', ['*', '!db']),
    matchesPatternList('db', ['!db', '*']),
    matchesPatternList('web', ['!db']),
  ]).toEqual([true, false, false, false]);
});
