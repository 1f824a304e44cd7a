import { expect, test } from 'vitest';
import { hostsToRun, profileOf } from '../../headless/profiles.ts';

const saved = [{ id: 'shop', target: 'ssh://me@shop' }];

test('a saved host is run by its name or target, with the options on top', () => {
  const expected = [{ ...saved[0], acceptNewHostKey: true, identityFile: '/keys/a' }];
  expect(hostsToRun(saved, ['shop'], { acceptNew: true, identity: '/keys/a' }, undefined)).toEqual(expected);
  expect(hostsToRun(saved, ['ssh://me@shop', 'shop'], { acceptNew: true, identity: '/keys/a' }, undefined)).toEqual(
    expected,
  );
});

test('without a target it is the saved hosts, else DOCKER_HOST, else an explanation', () => {
  expect(hostsToRun(saved, [], {}, 'ssh://other')).toBeUndefined();
  expect(hostsToRun([], [], {}, 'ssh://me@other')).toMatchObject([{ target: 'ssh://me@other' }]);
  expect(() => hostsToRun([], [], {}, 'tcp://other:2375')).toThrow(expect.objectContaining({ code: 'no-target' }));
  expect(hostsToRun(saved, [], { demo: true }, undefined)).toEqual([]);
});

test('a relative path is made absolute, as the engine may run elsewhere; one under the home is left', () => {
  expect(profileOf('shop', { identity: 'key', sshConfig: '~/x' })).toMatchObject({
    id: 'shop',
    identityFile: `${process.cwd()}/key`,
    sshConfigFile: '~/x',
  });
});

test('a chosen transport goes over the saved one', () => {
  const own = [{ ...saved[0]!, transport: 'openssh' as const }];
  expect(hostsToRun(own, ['shop'], { transport: 'ssh2' }, undefined)).toMatchObject([{ transport: 'ssh2' }]);
  expect(hostsToRun(own, ['shop'], {}, undefined)).toEqual(own);
});

test('what no host can be called is refused', () => {
  expect(() => profileOf('shop', {}, 'Shop 1')).toThrow(expect.objectContaining({ code: 'usage' }));
  expect(() => profileOf('shop', { dockerSocket: 'docker.sock' })).toThrow(expect.objectContaining({ code: 'usage' }));
  expect(() => profileOf('http://shop', {})).toThrow(expect.objectContaining({ code: 'target-invalid' }));
});
