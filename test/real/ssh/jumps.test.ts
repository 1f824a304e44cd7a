import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../engine/base/clock.ts';
import { DisposableStore } from '../../../engine/base/disposables.ts';
import { connector } from '../../../engine/ssh/connector.ts';
import type { SshLink } from '../../../engine/ssh/link.ts';
import { waitFor } from '../../support/wait-for.ts';
import { LoopbackSshd } from './loopback-sshd.ts';

const run = promisify(execFile);
const hello = 'hello from behind';

let owned: DisposableStore;
let dir: string;

beforeEach(async () => {
  owned = new DisposableStore();
  dir = await mkdtemp(join(tmpdir(), 'jumps-'));
  owned.defer(() => rm(dir, { recursive: true }));
});

afterEach(() => owned.dispose());

/** An sshd that only its own key opens. */
async function hop(name: string, config: readonly string[] = []): Promise<LoopbackSshd> {
  const key = join(dir, name);
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  const authorizedKeys = [await readFile(`${key}.pub`, 'utf8')];
  return owned.add(await LoopbackSshd.start({ authorizedKeys, config }));
}

/** Connects to `alias` by an ssh_config that knows the hosts by name, each with its own key. */
async function connectTo(
  alias: string,
  hosts: Readonly<Record<string, LoopbackSshd>>,
  more: Readonly<Record<string, string>>,
  transport: 'ssh2' | 'openssh',
): Promise<SshLink> {
  const blocks = Object.entries(hosts).map(([name, sshd]) =>
    [
      `Host ${name}`,
      '  HostName 127.0.0.1',
      `  Port ${sshd.port}`,
      `  User ${sshd.user}`,
      `  IdentityFile ${join(dir, name)}`,
      '  IdentitiesOnly yes',
      '  IdentityAgent none',
      '  StrictHostKeyChecking accept-new',
      `  UserKnownHostsFile ${join(dir, 'known_hosts')}`,
      ...(more[name] === undefined ? [] : [`  ${more[name]}`]),
    ].join('\n'),
  );
  const sshConfigFile = join(dir, 'config');
  await writeFile(sshConfigFile, `${blocks.join('\n')}\n`);
  const connect = connector({
    profile: { id: 'far', target: alias, sshConfigFile, transport },
    prompter: () => Promise.resolve(undefined),
    clock: systemClock,
    env: process.env,
    runtimeDir: dir,
  });
  const link = await connect({ signal: new AbortController().signal, onTransportUp: () => undefined });
  owned.defer(() => link.close());
  return link;
}

/** What a client of a port behind the last host reads. */
async function readBehind(link: SshLink): Promise<string> {
  const server = createServer((socket) => socket.end(hello)).listen(0, '127.0.0.1');
  owned.defer(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const channel = await link.openTcp({ host: '127.0.0.1', port }, { address: '127.0.0.1', port: 0 });
  channel.on('error', () => undefined); // comes when the test closes the connection
  let read = '';
  for await (const chunk of channel) read += String(chunk);
  channel.end();
  return read;
}

const logins = (sshd: LoopbackSshd): number => sshd.log.filter((line) => line.includes('Accepted publickey')).length;

describe.each(['ssh2', 'openssh'] as const)('through %s', (transport) => {
  test('one jump: each host with its own key, one login at each', async () => {
    const hosts = { near: await hop('near'), far: await hop('far') };
    const link = await connectTo('far', hosts, { far: 'ProxyJump near' }, transport);
    expect(await readBehind(link)).toBe(hello);
    expect([logins(hosts.near), logins(hosts.far)]).toEqual([1, 1]);
  });

  test('two jumps in a chain', async () => {
    const hosts = { near: await hop('near'), middle: await hop('middle'), far: await hop('far') };
    const link = await connectTo('far', hosts, { far: 'ProxyJump near,middle' }, transport);
    expect(await readBehind(link)).toBe(hello);
    expect([hosts.near, hosts.middle, hosts.far].map(logins)).toEqual([1, 1, 1]);
  });

  test('a jump host with a jump of its own', async () => {
    const hosts = { near: await hop('near'), middle: await hop('middle'), far: await hop('far') };
    const link = await connectTo('far', hosts, { far: 'ProxyJump middle', middle: 'ProxyJump near' }, transport);
    expect(await readBehind(link)).toBe(hello);
  });

  test('a proxy command', async () => {
    const hosts = { near: await hop('near'), far: await hop('far') };
    const jump = `ProxyCommand ssh -F ${join(dir, 'config')} -W %h:%p near`;
    expect(await readBehind(await connectTo('far', hosts, { far: jump }, transport))).toBe(hello);
  });

  test('the end of a jump host is the end of the connection', async () => {
    const hosts = { near: await hop('near'), far: await hop('far') };
    const link = await connectTo('far', hosts, { far: 'ProxyJump near' }, transport);
    const closed = new Promise<Error>((resolve) => link.onDidClose(resolve));
    await hosts.near.dropConnections();
    expect(await closed).toBeInstanceOf(Error);
  });
});

test('closing the connection closes every hop', async () => {
  const hosts = { near: await hop('near'), far: await hop('far') };
  const link = await connectTo('far', hosts, { far: 'ProxyJump near' }, 'ssh2');
  await link.close();
  const left = (sshd: LoopbackSshd): boolean =>
    sshd.log.some((line) => /Connection (closed|reset)|disconnect|Broken pipe/i.test(line));
  await waitFor(() => left(hosts.near) && left(hosts.far), { what: 'both servers to see us go' });
});

test('a jump host that forbids to go on says so', async () => {
  const hosts = { near: await hop('near', ['AllowTcpForwarding no']), far: await hop('far') };
  await expect(connectTo('far', hosts, { far: 'ProxyJump near' }, 'ssh2')).rejects.toMatchObject({
    code: 'jump-refused',
  });
});

test('a proxy command that fails is quoted with what it said', async () => {
  const hosts = { far: await hop('far') };
  const failing = connectTo('far', hosts, { far: 'ProxyCommand sh -c "echo no way >&2; exit 3"' }, 'ssh2');
  await expect(failing).rejects.toMatchObject({
    code: 'proxy-command-failed',
    message: expect.stringContaining('no way') as string,
  });
});
