import { expect, test } from 'vitest';
import { keepaliveStep } from '../../../engine/doctor/keepalive-step.ts';
import { loginSteps } from '../../../engine/doctor/login-steps.ts';
import type { LoginEvidence } from '../../../engine/doctor/login-watch.ts';
import { login, look, offer } from './evidence.ts';

const names = new Map([['SHA256:mine', '/home/ml/.ssh/id_ed25519']]);
const nothing = { greeting: '', ident: undefined, offer: undefined };

function failing(change: Partial<LoginEvidence>, code: string, message = code, hint?: string) {
  const failure = { code, message, ...(hint === undefined ? {} : { hint }) };
  const steps = loginSteps({ ...login, ...change, failure }, names);
  const at = steps.findIndex(({ state }) => state === 'failed');
  expect(steps.slice(at + 1).every(({ state }) => state === 'skipped')).toBe(true);
  return steps[at];
}

test('a login that came about tells what was agreed upon, whose key it was, and which were refused before', () => {
  const tried = [
    { method: 'none' },
    { method: 'publickey', key: { type: 'ssh-rsa', fingerprint: 'SHA256:old' } },
    ...login.tried.slice(1),
  ];
  expect(loginSteps({ ...login, tried }, names).map(({ state, detail }) => `${state} ${detail}`)).toEqual([
    'ok lab:22 answers (192.0.2.7)',
    'ok SSH-2.0-OpenSSH_9.2',
    'ok curve25519-sha256, ssh-ed25519, aes128-gcm@openssh.com',
    'ok known: ssh-ed25519 SHA256:host',
    'ok as ml, by /home/ml/.ssh/id_ed25519 (ssh-ed25519 SHA256:mine); refused before: a key (ssh-rsa SHA256:old)',
  ]);
});

test.each([
  ['nobody answers', { transportUp: false, hello: nothing }, 'host-refused', 'tcp'],
  ['no SSH is spoken', { hello: nothing }, 'not-ssh', 'banner'],
  ['no algorithm in common', { hostKey: undefined }, 'algorithms-incompatible', 'key-exchange'],
  [
    'a key that is not trusted',
    { hostKey: { type: 'ssh-ed25519', fingerprint: 'SHA256:new', trusted: false } },
    'host-key-changed',
    'host-key',
  ],
  [
    'nobody said whether to trust it',
    { hostKey: { type: 'ssh-ed25519', fingerprint: 'SHA256:new' } },
    'handshake-timeout',
    'host-key',
  ],
  ['no credential is taken', {}, 'auth-refused', 'auth'],
] as const)('%s: the step that broke is told, and nothing after it', (_title, change, code, id) => {
  expect(failing(change as Partial<LoginEvidence>, code)?.id).toBe(id);
});

test.each([
  ['Exceeded MaxStartups', 'not-ssh', /MaxStartups/, ['MaxStartups 100:30:200', 'LoginGraceTime 30']],
  ['Not allowed at this time', 'not-ssh', /shut this address out/, undefined],
  ['', 'host-hung-up', /PerSourcePenalties, fail2ban/, ['MaxStartups 100:30:200', 'LoginGraceTime 30']],
])('a server that hangs up saying %j', (greeting, code, detail, lines) => {
  const step = failing({ hello: { ...nothing, greeting } }, code);
  expect(step?.detail).toMatch(detail);
  expect(step?.fix?.file?.lines).toEqual(lines);
});

test('the list without anything in common is named with what the server has in it', () => {
  const hello = { ...login.hello, offer: { ...offer, cipher: ['aes128-cbc'] } };
  const step = failing({ hostKey: undefined, hello }, 'algorithms-incompatible');
  expect(step?.detail).toBe('No common algorithm (Ciphers): aes128-cbc.');
  expect(step?.fix?.file?.lines).toEqual(['Ciphers +aes128-gcm@openssh.com']);
});

test('a server for post-quantum exchanges only: the other transport is offered', () => {
  const hello = {
    ...login.hello,
    offer: { ...offer, kex: ['mlkem768x25519-sha256', 'kex-strict-s-v00@openssh.com'] },
  };
  const step = failing({ hostKey: undefined, hello }, 'algorithms-incompatible');
  expect(step?.detail).toContain('post-quantum');
  expect(step?.fix?.advice).toContain('transport openssh');
});

test.each([
  [
    'Add your public key there: ssh-copy-id -p 2222 ml@lab - or name another with -i KEY.',
    'ssh-copy-id -p 2222 ml@lab',
  ],
  [
    "If its owner confirms the new key, forget the old one: ssh-keygen -f '/k' -R '[lab]:22'",
    "ssh-keygen -f '/k' -R '[lab]:22'",
  ],
])('the command in a hint is taken out to be run as it stands', (hint, command) => {
  expect(failing({}, 'auth-refused', 'refused', hint)?.fix).toEqual({ on: 'here', advice: hint, commands: [command] });
});

test('keepalive: how soon a dead line is noticed, and servers that close what is quiet', () => {
  expect(keepaliveStep(login, undefined)).toMatchObject({
    state: 'ok',
    detail: 'every 15 s; a dead line is noticed within 45 s.',
  });
  const sshdLines = [
    '/etc/ssh/sshd_config:3:UnusedConnectionTimeout 5m',
    '/etc/ssh/sshd_config:4:ClientAliveInterval 30',
  ];
  const reaping = keepaliveStep(login, { ...look, sshdLines });
  expect(reaping.state).toBe('warn');
  expect(reaping.detail).toMatch(/UnusedConnectionTimeout 5m.*ClientAliveInterval 30/);
  expect(keepaliveStep({ ...login, keepalive: { intervalMs: 0, countMax: 2 } }, undefined).state).toBe('warn');
});
