import { expect, test } from 'vitest';
import { parseProfile, profileText, withProfile } from '../../shared/profile-file.ts';
import { defaultSettings, settingsSchema, type Settings } from '../../shared/settings.ts';

const staging = { id: 'staging', target: 'ssh://me@staging' };
const shop = { name: 'shop', host: 'staging', dir: '~/shop' };
const postgres = { match: { image: 'postgres*' }, localPort: 15_432 };

function settings(differences: object = {}): Settings {
  return settingsSchema.parse({ version: 1, ...differences });
}

test('what is exported is brought in whole elsewhere, and is the same where it came from', () => {
  const ours = settings({
    ...{ hosts: [staging], stacks: [shop], rules: [postgres] },
    ...{ ports: { policy: 'require' }, desktop: { startAtLogin: true } },
  });
  const profile = parseProfile(profileText(ours));
  expect(withProfile(defaultSettings, profile).settings).toEqual({ ...ours, desktop: defaultSettings.desktop });
  const again = withProfile(ours, profile);
  expect(again.settings).toEqual(ours);
  expect(new Set(again.changes.map(({ change }) => change))).toEqual(new Set(['same']));
});

test('hosts and stacks replace those of their name, rules are added, and nothing is removed', () => {
  const ours = settings({ hosts: [staging, { id: 'nas', target: 'nas' }], rules: [postgres], stacks: [shop] });
  const theirs = parseProfile(
    JSON.stringify({
      ...{ towline: 'profile', version: 1, hosts: [{ ...staging, target: 'ssh://you@staging' }] },
      ...{ rules: [{ host: 'staging', match: {}, ignore: true }, postgres], stacks: [{ ...shop, name: 'edge' }] },
    }),
  );
  const { settings: after, changes } = withProfile(ours, theirs);
  expect(changes).toEqual([
    { what: 'host', name: 'staging', change: 'changed' },
    { what: 'rule', name: 'host staging', change: 'added' },
    { what: 'rule', name: 'image postgres*', change: 'same' },
    { what: 'stack', name: 'edge', change: 'added' },
  ]);
  expect([after.hosts.map(({ target }) => target), after.rules.length, after.stacks.map(({ name }) => name)]).toEqual([
    ['ssh://you@staging', 'nas'],
    2,
    ['shop', 'edge'],
  ]);
});

test('a password in the address of a check is not exported, and stays where it is', () => {
  const checks = [{ kind: 'http', url: 'https://ada:secret@shop.test/health' }];
  const ours = settings({ hosts: [staging], stacks: [{ ...shop, checks }] });
  const text = profileText(ours);
  expect(text).toContain('https://shop.test/health');
  expect(text).not.toContain('secret');
  expect(withProfile(ours, parseProfile(text)).settings).toEqual(ours);
});

test.each([
  ['hello', 'it is no JSON'],
  ['{"version":1}', 'towline:'],
  ['{"towline":"profile","version":2}', 'newer Towline, as version 2'],
  ['{"towline":"profile","version":1,"hosts":[{"id":"A B","target":"x"}]}', 'hosts.0.id'],
  ['{"towline":"profile","version":1,"password":"x"}', 'the file:'],
])('%s is no profile', (text, why) => {
  expect(() => parseProfile(text)).toThrow(why);
});

test('a stack whose host is nowhere is told', () => {
  const profile = parseProfile(JSON.stringify({ towline: 'profile', version: 1, stacks: [shop] }));
  expect(() => withProfile(defaultSettings, profile)).toThrow('neither in the file nor here');
});
