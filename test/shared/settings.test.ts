import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultSettings, parseSettings } from '../../shared/settings.ts';

test('an empty object is the defaults', () => {
  expect(parseSettings({})).toEqual({ kind: 'ok', settings: defaultSettings });
});

test('a file without a version, as a person writes it, is read as version 1', () => {
  const parsed = parseSettings({ hosts: [{ id: 'shop', target: 'ssh://me@shop' }] });
  expect(parsed).toMatchObject({ kind: 'ok', settings: { version: 1, hosts: [{ id: 'shop' }] } });
});

test('a misspelt key, a bad host and an unknown version are problems that name their place', () => {
  expect(parseSettings({ outage: { holdMS: 1 } })).toMatchObject({
    problems: [expect.stringMatching(/^outage: .*holdMS/)],
  });
  expect(parseSettings({ hosts: [{ id: 'Shop', target: '' }] })).toMatchObject({
    problems: [expect.stringMatching(/^hosts\.0\.id: /), expect.stringMatching(/^hosts\.0\.target: /)],
  });
  expect(parseSettings({ version: 2 })).toMatchObject({ problems: [expect.stringMatching(/^version: /)] });
});

test('a part that is given keeps the defaults of what it leaves out', () => {
  const parsed = parseSettings({ outage: { holdMs: 5 } });
  expect(parsed).toMatchObject({ settings: { outage: { holdMs: 5, suspendAfterMs: 30_000 } } });
  expect(parseSettings({ notifications: { ports: false } })).toMatchObject({
    settings: { notifications: { ports: false, needsYou: true }, desktop: { startAtLogin: false } },
  });
});

test('whatever the file holds, the answer is settings or problems', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const parsed = parseSettings(value);
      if (parsed.kind === 'invalid') expect(parsed.problems).not.toEqual([]);
      else expect(parseSettings(parsed.settings)).toEqual(parsed);
    }),
  );
});
