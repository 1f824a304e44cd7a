import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SshConnection } from '../../../engine/ssh/connection.ts';
import type { PromptRequest } from '../../../shared/prompt.ts';
import { waitFor } from '../../support/wait-for.ts';
import { ConnectorBench, says } from './connector-bench.ts';
import type { LoopbackSshd } from './loopback-sshd.ts';

const keysOnly = ['PasswordAuthentication no', 'KbdInteractiveAuthentication no'];
const advice = 'set the host’s transport to openssh';

let bench: ConnectorBench;

beforeEach(async () => {
  bench = await ConnectorBench.make();
});
afterEach(() => bench.dispose());

/** The one client that a server with `MaxStartups 1` is busy with, until it is destroyed. */
async function occupy(sshd: LoopbackSshd): Promise<Socket> {
  const socket = connectTcp(sshd.port, '127.0.0.1');
  bench.defer(() => void socket.destroy());
  await once(socket, 'data');
  return socket;
}

function untilReady(connection: SshConnection): Promise<true> {
  return waitFor(() => connection.state.kind === 'ready', { what: 'the connection', timeoutMs: 20_000 });
}

describe.each(['ssh2', 'openssh'] as const)('through %s', (transport) => {
  test.each([
    ['chacha20-poly1305 alone', 'chacha20-poly1305@openssh.com'],
    ['AES-GCM alone', 'aes256-gcm@openssh.com,aes128-gcm@openssh.com'],
  ])('a server with %s is reached', async (_, ciphers) => {
    const sshd = await bench.sshd([`Ciphers ${ciphers}`]);
    expect(await says(await bench.connect(sshd, { transport }))).toBe('in');
  });

  test('a server with an RSA host key alone is known again, by SHA-2 signatures', async () => {
    const sshd = await bench.sshd(['HostKeyAlgorithms rsa-sha2-512,rsa-sha2-256'], { hostKeys: ['rsa'] });
    await bench.connect(sshd, { transport });
    const known = await bench.read('known_hosts');
    const again = await bench.connect(sshd, { transport, lines: ['StrictHostKeyChecking yes'] });
    expect(await says(again)).toBe('in');
    expect([known.split(' ')[1], await bench.read('known_hosts')]).toEqual(['ssh-rsa', known]);
  });

  test('a banner is no answer: neither a login nor its refusal nor the end is taken for what it says', async () => {
    const noise = [
      '\u001b[2J\u001b]0;owned\u0007 Grüße ┌──┐',
      '@@@@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @@@@',
      '  ssh-keygen -f /tmp/x -R y; reboot',
      'Host key verification failed.',
      'me@lab: Permission denied (nonsense).',
      'Too many authentication failures',
      'me@lab’s password: ',
    ];
    const banner = await bench.file('banner', `${noise.join('\r\n')}\n`.repeat(20));
    const noisy = [`Banner ${banner}`, ...keysOnly];
    const refused = await bench.refusal(await bench.sshd(noisy, { authorizedKeys: [] }), { transport });
    expect(refused.code).toBe('auth-refused');
    expect(refused.message).not.toContain('nonsense');
    const sshd = await bench.sshd(noisy);
    const link = await bench.connect(sshd, { transport });
    expect(await says(link)).toBe('in');
    const lost = new Promise<Error>((resolve) => link.onDidClose(resolve));
    await sshd.dropConnections();
    expect((await lost).message).not.toMatch(/changed|denied|failures|refused/);
  });

  test('a server that has no room for more logins is tried again until it has', async () => {
    const sshd = await bench.sshd(['MaxStartups 1']);
    const occupant = await occupy(sshd);
    const connection = await bench.connection(sshd, { transport });
    const waiting = await waitFor(() => connection.state.kind === 'reconnecting' && connection.state, {
      what: 'the server to hang up',
    });
    expect(waiting.failure.code).toBe('host-hung-up');
    expect(waiting.failure.hint).toContain('MaxStartups');
    occupant.destroy();
    await untilReady(connection);
  });
});

describe('a server that exchanges keys by post-quantum means alone', () => {
  const config = ['KexAlgorithms sntrup761x25519-sha512@openssh.com'];

  test('is told from others by ssh2, which names the way out', async () => {
    const refused = await bench.refusal(await bench.sshd(config), { transport: 'ssh2' });
    expect(refused).toMatchObject({ code: 'algorithms-incompatible' });
    expect([refused.message, refused.hint]).toEqual([
      expect.stringContaining('key exchange'),
      expect.stringContaining(advice),
    ]);
  });

  test('is reached by openssh', async () => {
    expect(await says(await bench.connect(await bench.sshd(config), { transport: 'openssh' }))).toBe('in');
  });
});

describe('a server that lets in user certificates alone', () => {
  async function certified(): Promise<LoopbackSshd> {
    await bench.makeKey('authority');
    const sshd = await bench.sshd([`TrustedUserCAKeys ${bench.path('authority.pub')}`, ...keysOnly], {
      authorizedKeys: [],
    });
    await bench.certify('authority', bench.path('key.pub'), '-n', sshd.user);
    return sshd;
  }

  test('refuses the bare key, which is all that ssh2 has to offer', async () => {
    const refused = await bench.refusal(await certified(), { transport: 'ssh2' });
    expect(refused.code).toBe('auth-refused');
    expect(refused.message).toContain(bench.path('key'));
    expect(refused.hint).toContain(advice);
  });

  test('is reached by openssh', async () => {
    const sshd = await certified();
    expect(await says(await bench.connect(sshd, { transport: 'openssh' }))).toBe('in');
    expect(sshd.log.filter((line) => /^Accepted publickey .* ED25519-CERT/.test(line))).toHaveLength(1);
  });
});

test('a server that takes Kerberos refuses our key, and ssh2 names the way out', async () => {
  const sshd = await bench.sshd(['GSSAPIAuthentication yes', ...keysOnly], { authorizedKeys: [] });
  const refused = await bench.refusal(sshd, { transport: 'ssh2' });
  expect(refused.message).toContain('gssapi-with-mic');
  expect(refused.hint).toContain(advice);
});

describe('a server known by the authority that signed its host key', () => {
  async function signedHost(): Promise<LoopbackSshd> {
    const authority = await bench.makeKey('authority');
    await bench.makeKey('host');
    await bench.certify('authority', bench.path('host.pub'), '-h', '-n', '127.0.0.1,lab');
    const sshd = await bench.sshd([`HostKey ${bench.path('host')}`, `HostCertificate ${bench.path('host-cert.pub')}`], {
      hostKeys: [],
    });
    await bench.file('known_hosts', `@cert-authority [127.0.0.1]:${sshd.port},127.0.0.1 ${authority}`);
    return sshd;
  }
  const lines = ['StrictHostKeyChecking ask'];

  test('is a stranger to ssh2: it asks, and with nobody to answer names the way out', async () => {
    const sshd = await signedHost();
    const before = await bench.read('known_hosts');
    const asked: PromptRequest[] = [];
    const refused = await bench.refusal(sshd, {
      transport: 'ssh2',
      lines,
      prompter: (request) => Promise.resolve(void asked.push(request)),
    });
    expect(asked).toMatchObject([{ kind: 'host-key', authority: `${bench.path('known_hosts')}:1` }]);
    expect(refused).toMatchObject({ code: 'host-key-unknown', hint: expect.stringContaining(advice) as string });
    expect(await bench.read('known_hosts')).toBe(before);
  });

  test('is known to openssh, which asks nothing and remembers nothing', async () => {
    const sshd = await signedHost();
    const before = await bench.read('known_hosts');
    const link = await bench.connect(sshd, { transport: 'openssh', lines: ['StrictHostKeyChecking yes'] });
    expect(await says(link)).toBe('in');
    expect(await bench.read('known_hosts')).toBe(before);
  });

  test('is a stranger to both when another authority is known', async () => {
    const sshd = await signedHost();
    const other = await bench.makeKey('other');
    await bench.file('known_hosts', `@cert-authority * ${other}`);
    const codes = [];
    for (const transport of ['ssh2', 'openssh'] as const)
      codes.push((await bench.refusal(sshd, { transport, lines })).code);
    expect(codes).toEqual(['host-key-unknown', 'host-key-unknown']);
  });
});
