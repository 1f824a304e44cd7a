import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { afterEach, expect, inject, test } from 'vitest';
import { DisposableStore } from '../../engine/base/disposables.ts';
import { waitFor } from '../support/wait-for.ts';
import { startDelayProxy } from './host/delay-proxy.ts';
import { testImage } from './host/image.ts';
import { sweepLeftovers } from './host/leftovers.ts';
import { RealHost, type RealHostInfo } from './host/real-host.ts';
import type { Sshd } from './host/sshd.ts';

const host = new RealHost(inject('realHost'));
let owned = new DisposableStore();

afterEach(async () => {
  await owned.dispose();
  owned = new DisposableStore();
});

const ssh = async (sshd: Sshd, ...args: string[]) => {
  const { stdout } = await promisify(execFile)('ssh', [...args.slice(0, -1), ...sshd.clientArgs(), args.at(-1) ?? '']);
  return stdout.trim();
};

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** A background `ssh -N` with some more options; killed after the test. */
function holdConnection(...options: string[]) {
  const child = spawn('ssh', ['-N', ...options, ...host.sshd.clientArgs()], { stdio: 'ignore' });
  const exited = once(child, 'exit');
  owned.defer(async () => {
    child.kill();
    await exited;
  });
  return { exited };
}

/** A container from the test image: its web server, or another command. */
async function start(options: string[], command: string[] = []): Promise<string> {
  const id = await host.docker(['run', '-d', ...options, testImage, ...command]);
  owned.defer(async () => void (await host.docker(['rm', '-f', id])));
  return id;
}

const fetchText = async (port: number) => (await fetch(`http://127.0.0.1:${port}/`)).text();

test('the user logs in by key, is no root, and sees the daemon at the default socket', async () => {
  expect(await ssh(host.sshd, 'id -un; docker version --format "{{.Server.Os}}"')).toBe(`${host.user}\nlinux`);
});

test("connections and sessions are counted from sshd's own log", async () => {
  const before = await host.sshd.counts();
  await ssh(host.sshd, 'true');
  await ssh(host.sshd, 'true');
  const { connections, sessions } = await host.sshd.counts();
  expect({ connections: connections - before.connections, sessions: sessions - before.sessions }).toEqual({
    connections: 2,
    sessions: 2,
  });
});

test('a published port answers through ssh -L, on both loopback families of the host, and not on this machine', async () => {
  const published = await freePort();
  await start(['-p', `${published}:80`, '-p', '[::1]:18081:80']);
  const [v4, v6] = [await freePort(), await freePort()];
  holdConnection('-L', `${v4}:127.0.0.1:${published}`, '-L', `${v6}:[::1]:18081`);
  const pages = await Promise.all([v4, v6].map((port) => waitFor(() => fetchText(port), { what: `port ${port}` })));
  expect(pages).toEqual(['towline test page\n', 'towline test page\n']);
  await expect(fetchText(published)).rejects.toThrow('fetch failed');
});

test('an echo server runs in a container', async () => {
  await start(['-p', '18070:7'], ['nc', '-ll', '-p', '7', '-e', '/bin/cat']);
  const echoed = () => host.exec('echo hello | busybox nc -w 1 127.0.0.1 18070');
  expect(await waitFor(echoed, { what: 'an echo' })).toBe('hello\n');
});

test('a killed connection ends at the client, and the listener takes the next one', async () => {
  const { connections } = await host.sshd.counts();
  const { exited } = holdConnection();
  await waitFor(async () => (await host.sshd.counts()).connections > connections, { what: 'the login' });
  expect(await host.sshd.killConnections()).toBe(1);
  await exited;
  expect(await ssh(host.sshd, 'echo again')).toBe('again');
});

test('dropped packets silence the host, and it is back when they pass again', async () => {
  await host.dropPackets(true);
  owned.defer(() => host.dropPackets(false));
  await expect(ssh(host.sshd, '-o', 'ConnectTimeout=1', 'true')).rejects.toThrow('timed out');
  await host.dropPackets(false);
  expect(await ssh(host.sshd, 'echo back')).toBe('back');
});

test('the daemon restarts and keeps its containers', async () => {
  const id = await start(['-p', '18082:80']);
  await host.dockerd.restart();
  await host.docker(['start', id]);
  expect(await host.exec('busybox wget -qO- http://127.0.0.1:18082/')).toBe('towline test page\n');
});

test('a second sshd has a policy of its own', async () => {
  const strict = await host.startSshd(2201, { MaxSessions: 0, AllowTcpForwarding: 'no' });
  owned.defer(() => strict.stop());
  await expect(ssh(strict, 'true')).rejects.toThrow('open failed');
  expect(await ssh(host.sshd, 'echo fine')).toBe('fine');
});

test('the delay proxy carries a whole SSH conversation, and no byte sooner than its delay', async () => {
  const proxy = await startDelayProxy({ host: host.address, port: host.sshd.port }, 25);
  owned.add(proxy);
  const [options, destination] = [host.sshd.clientArgs().slice(0, -1), `${host.user}@127.0.0.1`];
  const began = performance.now();
  const via = [
    '-o',
    `HostKeyAlias=${host.address}`,
    '-o',
    `Port=${proxy.port}`,
    ...options.filter((o) => o !== '-p' && o !== '22'),
  ];
  const { stdout } = await promisify(execFile)('ssh', [...via, destination, 'echo far']);
  expect(stdout).toBe('far\n');
  expect(performance.now() - began).toBeGreaterThan(50); // a lower bound: one round trip of the wire
});

test('a host ends with the process that started it, even a killed one, and the next start sweeps up', async () => {
  const module = JSON.stringify(join(import.meta.dirname, 'host/real-host.ts'));
  const program = `const { startRealHost } = await import(${module}); console.log(JSON.stringify((await startRealHost()).info));`;
  const starter = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(starter, 'exit');
  owned.defer(() => void starter.kill('SIGKILL'));
  const [line] = (await once(starter.stdout, 'data')) as [Buffer];
  const { initPid, dir } = JSON.parse(line.toString()) as RealHostInfo;
  expect(existsSync(`/proc/${initPid}`)).toBe(true);

  starter.kill('SIGKILL');
  await exited;
  await waitFor(() => !existsSync(`/proc/${initPid}`), { what: "the host's processes to end" });
  await sweepLeftovers();
  expect(existsSync(dir)).toBe(false);
});
