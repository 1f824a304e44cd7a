import { expect, test } from 'vitest';
import { age, commandIn, duration, fingerprintGroups, inlineCode, rate } from '../../renderer/format.ts';

test.each([
  [4, '4 ms'],
  [1_240, '1.2 s'],
  [42_000, '42 s'],
  [200_000, '3 min 20 s'],
  [32 * 60_000, '32 min'],
  [(6 * 60 + 12) * 60_000, '6 h 12 min'],
  [76 * 3_600_000, '3 d 4 h'],
])('%d ms reads as %s', (ms, words) => {
  expect(duration(ms)).toBe(words);
});

test('an age has no fractions', () => {
  expect([age(400), age(4_900), age(61_000)]).toEqual(['just now', '4 s', '1 min 1 s']);
});

test('a rate is silent below one byte a second', () => {
  expect([rate(0), rate(0.4), rate(84_000)]).toEqual(['', '', '84 kB/s']);
});

test('a fingerprint is read in fours, a hint in words and commands', () => {
  expect(fingerprintGroups('SHA256:pVd8uN4qZ')).toEqual(['pVd8', 'uN4q', 'Z']);
  expect(inlineCode('Run `ssh-add` first')).toEqual([
    { text: 'Run ', code: false },
    { text: 'ssh-add', code: true },
    { text: ' first', code: false },
  ]);
});

test.each([
  ['If it is right: `ssh-keygen -R old`', { words: 'If it is right:', command: 'ssh-keygen -R old' }],
  [
    'Check that it runs: `systemctl status ssh` on the host.',
    { words: 'Check that it runs: `systemctl status ssh` on the host.' },
  ],
  ['Check the port.', { words: 'Check the port.' }],
])('a command at the end of a hint stands by itself: %s', (hint, expected) => {
  expect(commandIn(hint)).toEqual({ command: undefined, ...expected });
});
