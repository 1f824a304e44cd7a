import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../engine/base/clock.ts';
import { silentLogger } from '../../../engine/base/logger.ts';
import { ChannelRefused } from '../../../engine/ssh/channels.ts';
import { SshConnection, type Connect } from '../../../engine/ssh/connection.ts';
import type { SessionChannel, SshLink } from '../../../engine/ssh/link.ts';
import { waitFor } from '../../support/wait-for.ts';
import { OpenSshBench } from './openssh-bench.ts';

const run = promisify(execFile);
const originator = { address: '127.0.0.1', port: 40_000 };
const keysOnly = ['PasswordAuthentication no', 'KbdInteractiveAuthentication no'];
let bench: OpenSshBench;
let servers: Server[] = [];

beforeEach(async () => {
  bench = await OpenSshBench.make();
});
afterEach(async () => {
  await bench.dispose();
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  servers = [];
});

/** Answers with what it heard, once the other side has ended. */
async function answering(where: { port: number; host: string } | { path: string }): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    void text(socket).then((heard) => socket.end(`heard ${heard}`));
  });
  servers.push(server.listen(where));
  await once(server, 'listening');
  return server;
}

async function tcpPort(): Promise<number> {
  return ((await answering({ port: 0, host: '127.0.0.1' })).address() as AddressInfo).port;
}

async function exchange(link: SshLink, port: number, said: string): Promise<string> {
  const channel = await link.openTcp({ host: '127.0.0.1', port }, originator);
  const closed = once(channel, 'close');
  channel.end(said);
  const heard = await text(channel);
  await closed;
  return heard;
}

async function outcome(session: SessionChannel, stdin = ''): Promise<unknown[]> {
  const ended = once(session, 'exit');
  session.end(stdin);
  return [await text(session), await text(session.stderr), ...((await ended) as unknown[])];
}

function reasonOf(error: unknown): unknown {
  return error instanceof ChannelRefused ? error.reason : error;
}

async function isRunning(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return status !== undefined && !/\) Z /.test(status);
}

/** The processes whose command line has the control folder in it: the master and its guardian. */
async function processesOf(runtimeDir: string): Promise<{ pid: number; ssh: boolean }[]> {
  const found: { pid: number; ssh: boolean }[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)) {
    const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
    const ours = words.some((word) => word.startsWith(`${runtimeDir}/ssh/`));
    if (ours && (await isRunning(pid))) found.push({ pid, ssh: words[0] === 'ssh' });
  }
  return found;
}

describe('servers that only the system’s ssh reaches', () => {
  test('post-quantum key exchange only', async () => {
    const kex = 'sntrup761x25519-sha512@openssh.com';
    const sshd = await bench.sshd([`KexAlgorithms ${kex}`, 'Ciphers aes256-ctr', 'MACs hmac-sha2-256']);
    const link = await bench.connect(sshd.port);
    const hostKey = 'ssh-ed25519';
    expect(link.algorithms).toEqual({ kex, hostKey, cipher: 'aes256-ctr', mac: 'hmac-sha2-256' });
    expect(await outcome(await link.openSession('echo in'))).toEqual(['in\n', '', 0, undefined]);
    expect(link.ident).toContain('using "publickey"');
  });

  test('user certificates only', async () => {
    await bench.makeKey('authority');
    await bench.makeKey('certified');
    const [authority, certified] = ['authority', 'certified'].map((name) => join(bench.folder, name)) as [
      string,
      string,
    ];
    const sshd = await bench.sshd([`TrustedUserCAKeys ${authority}.pub`, ...keysOnly], { authorizedKeys: [] });
    expect(await bench.refusal(sshd.port, { identityFile: certified })).toBe('auth-refused');
    await run('ssh-keygen', ['-q', '-s', authority, '-I', 'me', '-n', sshd.user, `${certified}.pub`]);
    const link = await bench.connect(sshd.port, { identityFile: certified });
    await link.signOfLife();
    expect(sshd.log.some((line) => /Accepted publickey .* ED25519-CERT/.test(line))).toBe(true);
  });
});

describe('channels', () => {
  test('to a port and to a Unix socket end one direction at a time', async () => {
    const link = await bench.connect((await bench.sshd()).port);
    const path = join(bench.folder, 'echo.sock');
    await answering({ path });
    const channel = await link.openUnix(path);
    channel.end('a unix socket');
    expect(await exchange(link, await tcpPort(), 'a port')).toBe('heard a port');
    expect(await text(channel)).toBe('heard a unix socket');
  });

  test('200 at once each get their own answer, over one TCP connection and no session', async () => {
    const sshd = await bench.sshd(['MaxSessions 0']);
    const link = await bench.connect(sshd.port);
    const port = await tcpPort();
    const said = Array.from({ length: 200 }, (_, index) => `${index} `.repeat(1 + index * 50));
    const heard = await Promise.all(said.map((what) => exchange(link, port, what)));
    expect(heard).toEqual(said.map((what) => `heard ${what}`));
    expect(sshd.log.filter((line) => line.startsWith('Connection from'))).toHaveLength(1);
  });

  test('a download far beyond the window arrives whole, though its reader pauses', async () => {
    const link = await bench.connect((await bench.sshd()).port);
    const session = await link.openSession('head -c 20000000 /dev/zero; echo; echo end');
    await once(session, 'readable');
    await link.signOfLife(); // the connection lives on while that reader does nothing
    const [out, , code] = await outcome(session);
    expect([String(out).length, String(out).slice(-4), code]).toEqual([20_000_005, 'end\n', 0]);
  });

  test('are refused with the server’s own reason', async () => {
    const open = await bench.connect((await bench.sshd()).port);
    const strict = await bench.connect(
      (await bench.sshd(['AllowTcpForwarding no', 'AllowStreamLocalForwarding no'])).port,
    );
    const port = await tcpPort();
    const closedPort = { host: '127.0.0.1', port: 1 };
    const refusals = [
      open.openTcp(closedPort, originator),
      open.openUnix(join(bench.folder, 'nothing.sock')),
      strict.openTcp({ host: '127.0.0.1', port }, originator),
    ].map((opening) => opening.then(() => 'open', reasonOf));
    expect(await Promise.all(refusals)).toEqual(['connect-failed', 'connect-failed', 'prohibited']);
    expect(await exchange(open, port, 'still here')).toBe('heard still here');
  });

  test('a session beyond MaxSessions is refused, and one that ends makes room', async () => {
    const link = await bench.connect((await bench.sshd(['MaxSessions 1'])).port);
    const first = await link.openSession('cat');
    expect(await link.openSession('true').then(() => 'open', reasonOf)).toBe('connect-failed');
    const closed = once(first, 'close');
    expect(await outcome(first, 'last words')).toEqual(['last words', '', 0, undefined]);
    await closed;
    expect(await outcome(await link.openSession('echo again'))).toEqual(['again\n', '', 0, undefined]);
  });

  test('a session tells exit code, signal and stderr apart', async () => {
    const link = await bench.connect((await bench.sshd()).port);
    expect(await outcome(await link.openSession('cat; echo trouble >&2; exit 7'), 'in')).toEqual([
      'in',
      'trouble\n',
      7,
      undefined,
    ]);
    expect(await outcome(await link.openSession('kill -KILL $$'))).toEqual(['', '', null, 'SIGKILL']);
  });
});

describe('the life of a master', () => {
  test('a server that checks on its clients finds this one alive', async () => {
    const sshd = await bench.sshd(['ClientAliveInterval 1', 'ClientAliveCountMax 1', 'LogLevel DEBUG3']);
    const link = await bench.connect(sshd.port);
    const session = await link.openSession('cat');
    const checks = (): number => sshd.log.filter((line) => line.includes('request keepalive@openssh.com')).length;
    await waitFor(() => checks() > 2, { what: 'three checks', timeoutMs: 15_000 });
    const [out, , code] = await outcome(session, 'alive');
    expect([out, code]).toEqual(['alive', 0]);
  });

  test('when it is killed every channel has its error before the close is told', async () => {
    const link = await bench.connect((await bench.sshd()).port);
    const told: string[] = [];
    const session = await link.openSession('cat');
    const channel = await link.openTcp({ host: '127.0.0.1', port: await tcpPort() }, originator);
    for (const [name, stream] of [
      ['session', session],
      ['channel', channel],
    ] as const) {
      stream.on('error', () => told.push(`${name} error`)).on('close', () => told.push(`${name} close`));
    }
    const closed = new Promise<Error>((resolve) => link.onDidClose(resolve));
    const master = (await processesOf(bench.runtimeDir)).find(({ ssh }) => ssh);
    process.kill(master?.pid ?? 0, 'SIGKILL');
    expect(await closed).toMatchObject({ code: 'connection-lost' });
    expect(told.sort()).toEqual(['channel close', 'channel error', 'session close', 'session error']);
    expect(await link.signOfLife().catch(reasonOf)).toBe('not-connected');
    expect(await bench.leftovers()).toEqual([]);
  });

  test('closing it ends ssh and leaves no file', async () => {
    const link = await bench.connect((await bench.sshd()).port);
    const running = await processesOf(bench.runtimeDir);
    expect(running.map(({ ssh }) => ssh).sort()).toEqual([false, false, true]);
    await link.close();
    expect([await bench.leftovers(), await processesOf(bench.runtimeDir)]).toEqual([[], []]);
  });

  test('an ssh that does not end when it is told to is killed', async () => {
    const link = await bench.connect((await bench.sshd()).port);
    const master = (await processesOf(bench.runtimeDir)).find(({ ssh }) => ssh);
    process.kill(master?.pid ?? 0, 'SIGSTOP');
    await link.close();
    expect([await bench.leftovers(), await processesOf(bench.runtimeDir)]).toEqual([[], []]);
  });

  test('a connection that is disposed of while it logs in is gone with all of it', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    servers.push(silent);
    await once(silent, 'listening');
    const accepted = once(silent, 'connection');
    const { port } = silent.address() as AddressInfo;
    const connect: Connect = ({ signal }) => bench.connect(port, { signal });
    const connection = new SshConnection({ where: 'lab', connect, clock: systemClock, log: silentLogger });
    connection.start();
    const [socket] = (await accepted) as [Socket];
    await connection.dispose();
    expect([await bench.leftovers(), await processesOf(bench.runtimeDir)]).toEqual([[], []]);
    socket.destroy();
  });

  test.each([
    ['it is connected', 'key', 'ready'],
    ['ssh waits for an answer', 'locked', 'asked'],
  ])('kill -9 of the process that holds it while %s leaves no process and no file', async (_title, key, state) => {
    const authorizedKeys = [await bench.makeKey('locked', 'sesame'), await readFile(`${bench.key}.pub`, 'utf8')];
    const sshd = await bench.sshd([], { authorizedKeys });
    const holder = bench.hold(sshd.port, join(bench.folder, key));
    expect(String((await once(holder.stdout, 'data'))[0])).toBe(`${state}\n`);
    expect((await processesOf(bench.runtimeDir)).filter(({ ssh }) => ssh)).toHaveLength(1);
    const exited = once(holder, 'exit');
    holder.kill('SIGKILL');
    await exited;
    await waitFor(async () => (await processesOf(bench.runtimeDir)).length === 0, { what: 'ssh to end' });
    expect(await bench.leftovers()).toEqual([]);
  });

  test('when its guardian is killed ssh ends as well', async () => {
    const link = await bench.connect((await bench.sshd()).port);
    const closed = new Promise((resolve) => link.onDidClose(resolve));
    const [guardian] = (await processesOf(bench.runtimeDir)).filter(({ ssh }) => !ssh).sort((a, b) => a.pid - b.pid);
    process.kill(guardian?.pid ?? 0, 'SIGKILL');
    await closed;
    await waitFor(async () => (await processesOf(bench.runtimeDir)).length === 0, { what: 'ssh to end' });
  });

  test('what an engine that is no more left behind is cleared away first', async () => {
    const dead = spawn('true');
    await once(dead, 'exit');
    const stale = join(bench.runtimeDir, 'ssh', `0badcafe.${dead.pid}.1`);
    await mkdir(stale, { recursive: true });
    await writeFile(join(stale, 'm'), '');
    await bench.connect((await bench.sshd()).port);
    const left = await bench.leftovers();
    expect([left.length, left.some((name) => name.startsWith('0badcafe'))]).toEqual([1, false]);
  });

  test('an attempt that is given up rejects with the reason and leaves nothing', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    servers.push(silent);
    await once(silent, 'listening');
    const attempt = new AbortController();
    const accepted = once(silent, 'connection');
    const connecting = bench.connect((silent.address() as AddressInfo).port, { signal: attempt.signal });
    const rejected = expect(connecting).rejects.toThrow('enough');
    const [socket] = (await accepted) as [Socket];
    attempt.abort(new Error('enough'));
    await rejected;
    socket.destroy();
    expect([await bench.leftovers(), await processesOf(bench.runtimeDir)]).toEqual([[], []]);
  });
});
