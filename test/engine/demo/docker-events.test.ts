import { expect, test } from 'vitest';
import { eventLine, parseFilters, passes, type DockerEvent } from '../../../engine/demo/docker-events.ts';

const died: DockerEvent = {
  type: 'container',
  action: 'die',
  id: 'abc',
  attributes: { image: 'nginx', name: 'web', exitCode: '137', tier: 'front' },
  timeNano: 1_795_208_514_157_000_001n,
};

test('timeNano is written digit by digit, beyond what a number can hold', () => {
  expect(eventLine(died, 'docker-20')).toMatch(/"time":1795208514,"timeNano":1795208514157000001}\n$/);
});

test('Docker 20 says it twice, Docker 29 only in the new words', () => {
  expect(JSON.parse(eventLine(died, 'docker-20'))).toMatchObject({
    status: 'die',
    id: 'abc',
    from: 'nginx',
    Action: 'die',
  });
  const modern = JSON.parse(eventLine(died, 'docker-29')) as object;
  expect(Object.keys(modern)).toEqual(['Type', 'Action', 'Actor', 'scope', 'time', 'timeNano']);
});

test('Podman calls a death and its exit code by names of its own', () => {
  expect(JSON.parse(eventLine(died, 'podman'))).toMatchObject({
    Action: 'died',
    Actor: { Attributes: { containerExitCode: '137', name: 'web' } },
  });
});

test('an event passes when each filter has a value that fits', () => {
  const fits = (filters: object): boolean => passes(died, parseFilters(JSON.stringify(filters)));
  expect([
    fits({}),
    fits({ type: ['container', 'network'], event: ['start', 'die'] }),
    fits({ type: { container: true }, container: ['web'] }),
    fits({ label: ['tier=front'] }),
    fits({ label: ['tier=back'] }),
    fits({ type: ['network'] }),
    fits({ event: ['start'] }),
  ]).toEqual([true, true, true, true, false, false, false]);
});
