import { expect, test } from 'vitest';
import { draftOf, localPortOf, ruleEffect, ruleOf, ruleSubject } from '../../../renderer/models/rule-words.ts';
import type { Rule } from '../../../shared/rule.ts';

const rules: readonly (readonly [Rule, string, string])[] = [
  [{ match: {} }, 'Any container', 'the published port'],
  [
    { host: 'shop', match: { project: 'p', service: 'api', port: 3000 }, localPort: 3000, policy: 'require' },
    'api in p, port 3000 on shop',
    'localhost:3000, or not at all',
  ],
  [
    { match: { image: 'postgres*' }, localPort: 15432, policy: 'remap' },
    'postgres*',
    'localhost:15432, or the next free port',
  ],
  [
    { match: { label: 'tier=db', port: '5000-5010' }, bind: '0.0.0.0' },
    'label tier=db, port 5000-5010',
    '0.0.0.0, the published port',
  ],
  [{ match: { container: '*-exporter' }, ignore: true }, '*-exporter', 'left out'],
  [{ match: { container: 'web' }, unpublished: true }, 'web', 'the published port, also where not published'],
];

test.each(rules)('%j reads as a sentence', (rule, subject, effect) => {
  expect([ruleSubject(rule), ruleEffect(rule)]).toEqual([subject, effect]);
});

test.each(rules)('%j survives the form', (rule) => {
  expect(ruleOf(draftOf(rule), rule)).toEqual(rule);
});

test('a draft with a number that is no port is not a rule', () => {
  const rule: Rule = { match: {}, localPort: 80 };
  expect(ruleOf({ ...draftOf(rule), localPort: '99999' }, rule)).toBeUndefined();
  expect(ruleOf({ ...draftOf(rule), localPort: '' }, rule)).toBeUndefined();
  expect(ruleOf({ ...draftOf(rule), port: '80a' }, rule)).toBeUndefined();
  expect([localPortOf(''), localPortOf('0'), localPortOf(' 8080 ')]).toEqual([undefined, 'invalid', 8080]);
});
