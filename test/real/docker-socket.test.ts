import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeEach, expect, test } from 'vitest';
import { installContext, removeContext } from '../../engine/context.ts';
import { testImage } from './host/image.ts';
import { run } from './host/run.ts';
import { freePort, pageSoon, testPage } from './support/clients.ts';
import { RealBench } from './support/real-bench.ts';
import type { RealEngine } from './support/real-engine.ts';

const bench = new RealBench();
const { host } = bench;
let engine: RealEngine;
let folder: string;
let socket: string;
let env: { DOCKER_HOST: string; DOCKER_CONFIG: string; DOCKER_BUILDKIT: string };

beforeEach(async () => {
  engine = await bench.engine();
  folder = await mkdtemp(join(tmpdir(), 'tl-docker-'));
  bench.defer(() => rm(folder, { recursive: true }));
  socket = String(engine.host().docker.localSocket);
  env = { DOCKER_HOST: `unix://${socket}`, DOCKER_CONFIG: join(folder, 'config'), DOCKER_BUILDKIT: '0' };
});

/** The user's docker command, through the local socket. */
const docker = async (...args: string[]) => (await run('docker', args, env)).trim();

/** The same with something to read; it is told that this is all there is. */
async function feed(input: string | Buffer, ...args: string[]): Promise<string> {
  const child = spawn('docker', args, { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
  const exited = once(child, 'exit');
  child.stdin.end(input);
  const [output, complaint] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
  if (child.exitCode !== 0) throw new Error(`docker ${args.join(' ')} failed: ${complaint}`);
  return output;
}

/** A docker command that goes on until the test ends; resolves once its output holds `awaited`. */
async function follow(
  awaited: string,
  ...args: string[]
): Promise<{ said: () => string; until: (text: string) => Promise<void> }> {
  const child = spawn('docker', args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  bench.defer(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const until = async (wanted: string) => {
    while (!said.includes(wanted)) await once(child.stdout, 'data');
  };
  await until(awaited);
  return { said: () => said, until };
}

test('the socket is for its owner only', async () => {
  const [file, directory] = [await stat(socket), await stat(dirname(socket))];
  expect([file.mode & 0o777, directory.mode & 0o777]).toEqual([0o600, 0o700]);
});

test('docker ps and docker info speak of the remote host', async () => {
  const web = await bench.container([]);
  expect((await docker('ps', '--format', '{{.Names}}')).split('\n')).toContain(web);
  expect(await docker('info', '--format', '{{.ID}}')).toBe(await host.docker(['info', '--format', '{{.ID}}']));
});

test('docker run with input and output attached: the end of the input arrives, and so does all of the output', async () => {
  const input = 'a line for the container\n'.repeat(20_000);
  expect(await feed(input, 'run', '--rm', '-i', testImage, 'cat')).toBe(input);
  await expect(docker('run', '--rm', testImage, 'sh', '-c', 'exit 7')).rejects.toThrow('(7)');
});

test('docker exec with input attached', async () => {
  const web = await bench.container([]);
  expect(await feed('hello\n', 'exec', '-i', web, 'sh', '-c', 'read line; echo "got $line"')).toBe('got hello\n');
});

test('docker logs -f and docker events go on as things happen', async () => {
  const talker = await bench.container(
    [],
    ['sh', '-c', 'echo first; while [ ! -e /go ]; do sleep 0.05; done; echo second; sleep 600'],
  );
  const logs = await follow('first', 'logs', '-f', talker);
  const events = await follow('start', 'events', '--since', '10m', '--filter', `container=${talker}`);
  await docker('exec', talker, 'touch', '/go');
  await logs.until('second');
  await docker('kill', talker);
  await events.until('die');
  expect(logs.said()).toBe('first\nsecond\n');
});

test('docker build sends its context through the socket', async () => {
  const context = join(folder, 'context');
  const tag = bench.name('built');
  await mkdir(context);
  await writeFile(join(context, 'Dockerfile'), 'FROM scratch\nCOPY data /data\nCMD ["/data"]\n');
  await writeFile(join(context, 'data'), Buffer.alloc(3_000_000, 'towline'));
  bench.defer(async () => void (await host.docker(['rmi', '-f', tag])));
  await docker('build', '-q', '-t', tag, context);
  expect(await docker('image', 'inspect', '-f', '{{.Size}} {{.Config.Cmd}}', tag)).toBe('3000000 [/data]');
});

test('docker-compose works with DOCKER_HOST, and what it starts is forwarded', async () => {
  const port = await freePort();
  const file = join(folder, 'docker-compose.yml');
  const services = { web: { image: testImage, ports: [`${port}:80`] } };
  await writeFile(file, JSON.stringify({ version: '3', services }));
  const project = bench.name('viasocket');
  const compose = (...args: string[]) => run('docker-compose', ['-p', project, '-f', file, ...args], env);
  bench.defer(async () => void (await compose('down', '-t', '0')));
  await compose('up', '-d');
  await engine.until('the forward', () =>
    engine.forwards.some((forward) => forward.project === project && forward.state === 'listening'),
  );
  expect(await pageSoon(port)).toBe(testPage);
});

test('a docker context leads to the host, and is taken away again', async () => {
  const web = await bench.container([]);
  const asUser = { DOCKER_CONFIG: env.DOCKER_CONFIG };
  const inContext = (...args: string[]) => run('docker', ['--context', 'towline-real', ...args], asUser);
  expect(await installContext(env.DOCKER_CONFIG, 'real', socket)).toEqual({ name: 'towline-real', changed: true });
  expect(await installContext(env.DOCKER_CONFIG, 'real', socket)).toMatchObject({ changed: false });
  expect(await run('docker', ['context', 'ls', '-q'], asUser)).toContain('towline-real');
  expect(await inContext('ps', '--format', '{{.Names}}')).toContain(web);
  expect(await removeContext(env.DOCKER_CONFIG, 'real')).toMatchObject({ changed: true });
  await expect(inContext('ps')).rejects.toThrow('towline-real');
});

test('a docker context of the same name that somebody else made stays as it is', async () => {
  const asUser = { DOCKER_CONFIG: env.DOCKER_CONFIG };
  const theirs = 'host=tcp://192.0.2.1:2375';
  await run('docker', ['context', 'create', 'towline-real', '--docker', theirs], asUser);
  const inspected = () => run('docker', ['context', 'inspect', 'towline-real'], asUser);
  const before = await inspected();
  await expect(installContext(env.DOCKER_CONFIG, 'real', socket)).rejects.toMatchObject({ code: 'context-not-ours' });
  await expect(removeContext(env.DOCKER_CONFIG, 'real')).rejects.toMatchObject({ code: 'context-not-ours' });
  expect(await inspected()).toBe(before);
});

test('the context in use is not taken away under the user', async () => {
  const asUser = { DOCKER_CONFIG: env.DOCKER_CONFIG };
  await installContext(env.DOCKER_CONFIG, 'real', socket);
  await run('docker', ['context', 'use', 'towline-real'], asUser);
  await expect(removeContext(env.DOCKER_CONFIG, 'real')).rejects.toMatchObject({ code: 'context-in-use' });
  expect(await readFile(join(env.DOCKER_CONFIG, 'config.json'), 'utf8')).toContain('towline-real');
});

test('the docker command fails while the connection is down, and works again with it', async () => {
  await host.sshd.stop();
  let down = true;
  const restore = async () => {
    if (down) await host.sshd.start();
    down = false;
  };
  bench.defer(restore);
  await engine.until('the loss', ({ state }) => state === 'reconnecting');
  await expect(docker('version')).rejects.toThrow('failed');
  await restore();
  await engine.ready();
  expect(await docker('version', '--format', '{{.Server.Os}}')).toBe('linux');
});
