import { testWith } from '../../support/test-with.ts';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { duplexPair, type Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DisposableStore } from '../../../engine/base/disposables.ts';
import { LocalDockerSocket } from '../../../engine/docker/local-socket.ts';
import { TestDocker } from '../../support/test-docker.ts';
import { waitFor } from '../../support/wait-for.ts';

let owned: DisposableStore;
let docker: TestDocker;
let path: string;
let openStream: () => Promise<Duplex>;
let socket: LocalDockerSocket;

beforeEach(async () => {
  owned = new DisposableStore();
  docker = owned.add(new TestDocker());
  const dir = await mkdtemp(join(tmpdir(), 'towline-socket-'));
  owned.defer(() => rm(dir, { recursive: true }));
  path = join(dir, 'docker', 'host.sock');
  openStream = () => Promise.resolve(docker.connect());
  socket = owned.add(await LocalDockerSocket.open(path, () => openStream()));
});
afterEach(() => owned.dispose());

function get(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    request({ socketPath: path, path: url, agent: false }, (response) => void text(response).then(resolve, reject))
      .on('error', reject)
      .end();
  });
}

const mode = async (file: string): Promise<string> => ((await stat(file)).mode & 0o777).toString(8);

test('the socket and its directory are ours alone, even where the directory was open to others', async () => {
  expect([await mode(path), await mode(dirname(path))]).toEqual(['600', '700']);
  await socket.dispose();
  await chmod(dirname(path), 0o755);
  await writeFile(path, 'stale');
  owned.add(await LocalDockerSocket.open(path, () => openStream()));
  expect([await mode(path), await mode(dirname(path)), await get('/_ping')]).toEqual(['600', '700', 'OK']);
});

test('many clients at a time are each answered', async () => {
  docker.run({ name: 'web' });
  const answers = await Promise.all(Array.from({ length: 200 }, () => get('/containers/json')));
  const withoutAge = answers.map((answer) => answer.replace(/"Status":"[^"]*"/, ''));
  expect(new Set(withoutAge).size).toBe(1);
  expect(answers[0]).toContain('"/web"');
});

testWith('docker')('the docker command works through it', async () => {
  docker.run({ name: 'web' });
  docker.log('web', 'hello from web\n');
  const env = { ...process.env, DOCKER_HOST: `unix://${path}`, DOCKER_CONFIG: dirname(path) };
  const cli = async (...args: string[]) => (await promisify(execFile)('docker', args, { env })).stdout.trim();
  expect([await cli('ps', '--format', '{{.Names}}'), await cli('logs', 'web')]).toEqual(['web', 'hello from web']);
});

test('an end travels alone: what comes after the question’s end still arrives', async () => {
  const [near, far] = duplexPair();
  openStream = () => Promise.resolve(near);
  const client = connect({ path, allowHalfOpen: true });
  client.end('stdin to its end');
  expect(await text(far)).toBe('stdin to its end');
  far.end('and the output after it');
  expect(await text(client)).toBe('and the output after it');
});

test('a client that has gone before its stream is open leaves no stream behind', async () => {
  let open: (stream: Duplex) => void = () => undefined;
  let asked = false;
  openStream = () => {
    asked = true;
    return new Promise((resolve) => (open = resolve));
  };
  const client = connect({ path });
  await waitFor(() => asked, { what: 'the request for a stream' });
  client.destroy();
  const stream = docker.connect();
  open(stream);
  await waitFor(() => stream.destroyed, { what: 'the stream to close' });
});

test('a stream that breaks off closes its client and nothing else', async () => {
  const [near] = duplexPair();
  openStream = () => Promise.resolve(near);
  const client = connect({ path });
  client.on('error', () => undefined);
  const closed = new Promise((resolve) => client.once('close', resolve));
  client.resume();
  client.write('x');
  await waitFor(() => near.writableLength > 0 || near.listenerCount('data') > 0, { what: 'the relay' });
  near.destroy(new Error('the connection was lost'));
  await closed;
  openStream = () => Promise.resolve(docker.connect());
  expect(await get('/_ping')).toBe('OK');
});

test('while Docker is out of reach a client is closed at once', async () => {
  openStream = () => Promise.reject(new Error('down'));
  await expect(get('/_ping')).rejects.toThrow(/socket hang up|EPIPE|ECONNRESET/);
});

test('disposed it closes its clients and is gone from the disk', async () => {
  const client = connect({ path });
  client.on('error', () => undefined);
  const closed = new Promise((resolve) => client.once('close', resolve));
  client.resume();
  await waitFor(() => docker.connections === 1, { what: 'the client' });
  await socket.dispose();
  await closed;
  expect(existsSync(path)).toBe(false);
});
