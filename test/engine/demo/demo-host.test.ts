import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json, text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import type { Client, ClientChannel } from 'ssh2';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DisposableStore } from '../../../engine/base/disposables.ts';
import { startDemoHost, type DemoHost } from '../../../engine/demo/demo-host.ts';
import { parseProbe, probeCommand } from '../../../engine/ssh/probe.ts';
import { TestClock } from '../../support/test-clock.ts';
import {
  connectTestClient,
  openExec,
  openTcpChannel,
  openUnixChannel,
  runCommand,
} from '../../support/test-ssh-client.ts';
import { testWith } from '../../support/test-with.ts';
import { waitFor } from '../../support/wait-for.ts';

interface Row {
  readonly Id: string;
  readonly Names: readonly string[];
  readonly State: string;
  readonly Ports: readonly { readonly IP?: string; readonly PublicPort?: number; readonly Type: string }[];
}

let owned: DisposableStore;
let clock: TestClock;
let host: DemoHost;
let client: Client;
beforeEach(async () => {
  owned = new DisposableStore();
  clock = new TestClock();
  host = owned.add(await startDemoHost({ clock }));
  client = await connectTestClient(host.port, {
    username: host.user,
    privateKey: host.privateKey,
    hostVerifier: (key: Buffer) => key.equals(host.hostKey),
  });
  owned.defer(() => void client.end());
});
afterEach(() => owned.dispose());

async function get<T>(
  channel: ClientChannel,
  path: string,
  read: (body: NodeJS.ReadableStream) => Promise<T>,
): Promise<T> {
  const call = request({ path, headers: { Host: 'demo', Connection: 'close' }, createConnection: () => channel });
  call.end();
  const [response] = (await once(call, 'response')) as [NodeJS.ReadableStream];
  return read(response);
}

async function containers(): Promise<Row[]> {
  const channel = await openUnixChannel(client, '/var/run/docker.sock');
  return (await get(channel, '/v1.43/containers/json', json)) as Row[];
}

async function names(): Promise<string[]> {
  return (await containers()).map(({ Names }) => Names[0] ?? '').sort();
}

test('the shop comes up container by container', async () => {
  expect(await names()).toEqual([]);
  await clock.advance(1000);
  expect(await names()).toEqual(['/shop-cache-1', '/shop-mail-1']);
  await clock.advance(3000);
  expect(await names()).toEqual([
    '/shop-api-1',
    '/shop-batch-1',
    '/shop-cache-1',
    '/shop-mail-1',
    '/shop-web-1',
    '/shop-worker-1',
  ]);
});

test('every published TCP port answers, by its own protocol', async () => {
  await clock.advance(4000);
  expect(await get(await openTcpChannel(client, 8080), '/', text)).toContain('This is <code>shop-web-1</code>');
  expect(await get(await openTcpChannel(client, 3000, '::1'), '/products', json)).toMatchObject({
    service: 'shop api',
  });
  expect(await get(await openTcpChannel(client, 8025), '/', text)).toContain('shop-mail-1');
  const redis = await openTcpChannel(client, 6379);
  redis.write('PING\r\nGET greeting\r\nQUIT\r\n');
  expect(await text(redis)).toBe('+PONG\r\n$4\r\nahoy\r\n+OK\r\n');
  const smtp = await openTcpChannel(client, 1025);
  smtp.write('QUIT\r\n');
  expect(await text(smtp)).toMatch(/^220 .*\r\n221 /);
});

test('a request appears in the container’s log', async () => {
  await clock.advance(4000);
  await get(await openTcpChannel(client, 3000), '/products', text);
  const docker = await openUnixChannel(client, '/var/run/docker.sock');
  expect(await get(docker, '/containers/shop-api-1/logs?stdout=1', text)).toContain('GET /products 200');
});

test('the batch job goes, and comes back on another port', async () => {
  const port = async (): Promise<number | undefined> => {
    return (await containers()).find(({ Names }) => Names[0] === '/shop-batch-1')?.Ports[0]?.PublicPort;
  };
  await clock.advance(4000);
  const first = (await port()) ?? 0;
  expect(await get(await openTcpChannel(client, first), '/', text)).toContain('shop-batch-1');
  await clock.advance(12_000);
  await expect(openTcpChannel(client, first)).rejects.toMatchObject({ reason: 2 });
  await clock.advance(8000);
  expect(await port()).toBeGreaterThan(first);
});

test('a restart of the web server breaks its connections off and serves new ones', async () => {
  await clock.advance(4000);
  const held = await openTcpChannel(client, 8080);
  const closed = once(held.resume(), 'close');
  await clock.advance(64_000);
  await closed;
  expect(await get(await openTcpChannel(client, 8080), '/', text)).toContain('shop-web-1');
});

test('one port is udp, to be shown as not carried', async () => {
  await clock.advance(4000);
  const udp = (await containers()).flatMap(({ Ports }) => Ports).filter(({ Type }) => Type === 'udp');
  expect(udp.map(({ PublicPort }) => PublicPort)).toEqual([8125, 8125]);
});

test('the engine’s probe, Compose and dial-stdio have their answers', async () => {
  const probe = await runCommand(client, probeCommand);
  expect(parseProbe(probe.stdout)).toMatchObject({
    user: 'demo',
    groups: ['demo', 'docker'],
    dockerCli: true,
    sockets: [{ path: '/var/run/docker.sock', writable: true }],
  });
  expect((await runCommand(client, 'docker compose version')).stdout).toContain('Compose version');
  const stdio = await openExec(client, 'docker system dial-stdio');
  expect(await get(stdio, '/_ping', text)).toBe('OK');
});

test('only the host’s own key opens the door', async () => {
  await expect(connectTestClient(host.port, { username: host.user, password: 'guess' })).rejects.toThrow(
    'authentication methods failed',
  );
});

testWith('ssh')('OpenSSH’s own client forwards a port to it, with the key pinned', async () => {
  await clock.advance(4000);
  const folder = await mkdtemp(join(tmpdir(), 'towline-ssh-'));
  owned.defer(() => rm(folder, { recursive: true }));
  const [key, knownHosts] = [join(folder, 'key'), join(folder, 'known_hosts')];
  await writeFile(key, host.privateKey, { mode: 0o600 });
  await writeFile(knownHosts, `[127.0.0.1]:${host.port} ssh-ed25519 ${host.hostKey.toString('base64')}\n`);
  const options = ['-F', 'none', '-i', key, '-p', String(host.port), '-o', `UserKnownHostsFile=${knownHosts}`];
  const strict = ['-o', 'StrictHostKeyChecking=yes', '-o', 'IdentitiesOnly=yes', '-o', 'BatchMode=yes'];
  const destination = [...options, ...strict, `${host.user}@127.0.0.1`];

  const ran = await promisify(execFile)('ssh', [...destination, 'docker compose version']);
  expect(ran.stdout).toContain('Docker Compose version');

  const local = await freePort();
  const forward = [
    '-o',
    'ExitOnForwardFailure=yes',
    '-o',
    'ServerAliveInterval=1',
    '-N',
    '-L',
    `127.0.0.1:${local}:127.0.0.1:8080`,
  ];
  const ssh = spawn('ssh', [...forward, ...destination], { stdio: 'ignore' });
  const exited = once(ssh, 'exit');
  owned.defer(async () => {
    ssh.kill();
    await exited;
  });
  const page = await waitFor(
    async () => (await fetch(`http://127.0.0.1:${local}/`, { headers: { Connection: 'close' } })).text(),
    {
      what: 'the page through ssh -L',
    },
  );
  expect(page).toContain('shop-web-1');
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
