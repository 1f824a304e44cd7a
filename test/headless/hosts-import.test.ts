import { expect, test } from 'vitest';
import { candidateLines, candidateProfile, chosenCandidates } from '../../headless/hosts-import.ts';
import { hostProfileSchema } from '../../shared/host.ts';
import type { HostCandidate } from '../../shared/host-candidate.ts';

const candidates: HostCandidate[] = ['web', 'db', 'gpu-lab', 'build'].map((name) => ({
  name,
  target: name,
  from: 'ssh-config',
  file: '/home/ml/.ssh/config:3',
}));

test.each([
  ['', []],
  ['all', ['web', 'db', 'gpu-lab', 'build']],
  ['2', ['db']],
  ['4, 1-2', ['web', 'db', 'build']],
  ['gpu-lab 1', ['web', 'gpu-lab']],
  ['3-99', ['gpu-lab', 'build']],
])('%j chooses %j', (answer, names) => {
  expect(chosenCandidates(answer, candidates).map(({ name }) => name)).toEqual(names);
});

test.each(['0', '5', '3-2', 'nobody', '1-x'])('%j is none of them', (answer) => {
  expect(() => chosenCandidates(answer, candidates)).toThrow('is none of them');
});

test('the list is in columns, and strange names can not command the terminal', () => {
  const [first, second] = candidateLines([candidates[2]!, { ...candidates[0]!, target: 'ssh://a\x1b[2J' }], {
    color: false,
    unicode: true,
  });
  expect(first).toMatch(/^1 {2}gpu-lab {2}gpu-lab +\/home\/ml/);
  expect(second).not.toContain('\x1b');
});

test('a candidate becomes a profile that the settings accept', () => {
  const profile = candidateProfile({ ...candidates[0]!, dockerSocket: '/run/user/1000/docker.sock' });
  expect(hostProfileSchema.parse(profile)).toEqual({
    id: 'web',
    target: 'web',
    dockerSocket: '/run/user/1000/docker.sock',
  });
});
