import { expect, test } from 'vitest';
import { SshLog } from '../../../../engine/ssh/openssh/ssh-log.ts';

const exchange = [
  'debug1: Connecting to 127.0.0.1 [127.0.0.1] port 22.',
  'debug1: kex: algorithm: curve25519-sha256',
  'debug1: kex: host key algorithm: ssh-ed25519',
  'debug1: kex: server->client cipher: aes256-ctr MAC: hmac-sha2-512 compression: none',
  'debug1: kex: client->server cipher: aes128-ctr MAC: hmac-sha2-256 compression: none',
].map((line) => `${line}\r\n`);

test('debug lines are not among the words for people, wherever the pieces end', () => {
  const log = new SshLog();
  for (const piece of `${exchange.join('')}Permission denied (publickey).\r\n`) log.push(piece);
  log.push('debug1: free');
  expect(log.said).toBe('Permission denied (publickey).\r\n');
  log.forget();
  log.push('ing\r\nssh is going');
  expect(log.said).toBe('ssh is going');
});

test('algorithms are told once all are known, and later lines, which a server may have sent, change nothing', () => {
  const log = new SshLog();
  exchange.slice(0, -1).forEach((line) => log.push(line));
  expect(log.algorithms).toBeUndefined();
  log.push(exchange.at(-1) ?? '');
  log.push('debug1: kex: algorithm: made-up\r\n');
  const agreed = { kex: 'curve25519-sha256', hostKey: 'ssh-ed25519', cipher: 'aes128-ctr', mac: 'hmac-sha2-256' };
  expect(log.algorithms).toEqual(agreed);
});

test('a cipher that authenticates by itself has no MAC', () => {
  const log = new SshLog();
  log.push(exchange.join('').replaceAll(/MAC: \S+/g, 'MAC: <implicit>'));
  expect(log.algorithms).toEqual({ kex: 'curve25519-sha256', hostKey: 'ssh-ed25519', cipher: 'aes128-ctr' });
});

test.each([
  ['debug1: rekey in after 134217728 blocks', true],
  ['debug1: Will attempt key: me@work ED25519 SHA256:abc agent', false],
  ['debug1: Server accepts key: me@work ED25519 SHA256:abc agent', true],
  ['debug1: Server accepts key: /home/me/.ssh/id_ed25519 ED25519 SHA256:abc explicit', false],
])('after %j the agent is what a login waits for: %s', (line, waits) => {
  const log = new SshLog();
  log.push(`debug1: before\r\n${line}\r\n`);
  expect(log.waitsForAgent).toBe(waits);
});

test('a line without an end does not grow without one', () => {
  const log = new SshLog();
  for (let pieces = 0; pieces < 10; pieces += 1) log.push('x'.repeat(4_000));
  expect(log.said.length).toBe(8_000);
});
