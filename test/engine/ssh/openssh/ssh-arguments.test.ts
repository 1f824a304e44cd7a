import { expect, test } from 'vitest';
import { masterArguments, type SshWishes } from '../../../../engine/ssh/openssh/ssh-arguments.ts';

const target = { host: 'lab' };

function optionsOf(wishes: Partial<SshWishes>, settings: Record<string, string> = {}): string[] {
  const said = new Map(Object.entries(settings).map(([keyword, value]) => [keyword, [value]]));
  const words = masterArguments({ target, ...wishes }, said, '/run/m');
  return words.filter((_word, index) => words[index - 1] === '-o');
}

test('what the user says about keepalive and timeouts holds', () => {
  const ours = ['ServerAliveInterval=15', 'ServerAliveCountMax=2', 'ConnectTimeout=30'];
  expect(optionsOf({})).toEqual(expect.arrayContaining(ours));
  const theirs = optionsOf({}, { serveraliveinterval: '60', serveralivecountmax: '9', connecttimeout: '5' });
  expect(theirs.filter((option) => /Alive|Timeout/.test(option))).toEqual([]);
});

test.each([
  ['nothing is said', {}, {}, []],
  ['ssh_config says yes', {}, { stricthostkeychecking: 'yes' }, []],
  [
    'ssh_config says no, which would let a changed key pass',
    {},
    { stricthostkeychecking: 'no' },
    ['StrictHostKeyChecking=ask'],
  ],
  [
    'new keys are to be accepted',
    { acceptNewHostKey: true },
    { stricthostkeychecking: 'false' },
    ['StrictHostKeyChecking=accept-new'],
  ],
])('host keys are checked as ssh_config has it and never less: %s', (_title, wishes, settings, expected) => {
  expect(optionsOf(wishes, settings).filter((option) => option.startsWith('Strict'))).toEqual(expected);
});

test('paths arrive as they are, whatever ssh makes of quotes and per cent', () => {
  expect(optionsOf({ knownHostsFile: '/a b/50%/"k"' })).toContain(String.raw`UserKnownHostsFile="/a b/50%%/\"k\""`);
});

test('the target stands behind all options and is none itself', () => {
  const words = masterArguments(
    { target: { host: '-oProxyCommand=x', user: 'me', port: 2222 }, identityFile: '/k' },
    new Map(),
    '/run/m',
  );
  expect(words.slice(-8)).toEqual(['-i', '/k', '-l', 'me', '-p', '2222', '--', '-oProxyCommand=x']);
});

test('a process that would go to the background stays', () => {
  expect(optionsOf({}, { forkafterauthentication: 'yes' })).toContain('ForkAfterAuthentication=no');
});
