import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, expect, test } from 'vitest';
import { TestClock } from '../support/test-clock.ts';
import { RealBench } from './support/real-bench.ts';
import { run } from './host/run.ts';

const bench = new RealBench();
const { host } = bench;
let folder: string;
let knownHostsFile: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tl-trust-'));
  bench.defer(() => rm(folder, { recursive: true }));
  knownHostsFile = join(folder, 'known_hosts');
});

/** A new key pair in a file; gives the file. */
async function newKey(name: string): Promise<string> {
  const file = join(folder, name);
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', file]);
  return file;
}

/** The SHA256 fingerprint that ssh-keygen gives of a public key. */
async function fingerprint(file: string): Promise<string> {
  return /SHA256:\S+/.exec(await run('ssh-keygen', ['-l', '-f', file]))?.[0] ?? 'none';
}

/** What sshd's log has gained since this was called. */
async function newLines(): Promise<() => Promise<string>> {
  const before = (await host.sshd.log()).length;
  return async () => (await host.sshd.log()).slice(before);
}

const times = (log: string, line: RegExp) => [...log.matchAll(line)].length;

const hostKey = () => readFile(join(host.info.dir, 'host_key.pub'), 'utf8');

test('a host that nobody knows needs the user, with its fingerprint, and no login is tried', async () => {
  const log = await newLines();
  const engine = await bench.starting({ profile: { knownHostsFile } });
  const { reason } = await engine.until('the question', (view) => view.state === 'needs-user' && view);
  expect(reason?.code).toBe('host-key-unknown');
  expect(reason?.message).toContain(await fingerprint(join(host.info.dir, 'host_key.pub')));
  expect(reason?.hint).toContain('--accept-new');
  expect(await log()).not.toMatch(/Accepted|Failed|Postponed|userauth/);
  await expect(readFile(knownHostsFile)).rejects.toThrow('ENOENT');
});

test('with acceptNewHostKey the key is appended, and from then on the host is known to us and to ssh', async () => {
  await writeFile(knownHostsFile, '# mine\n');
  await bench.engine({ profile: { knownHostsFile, acceptNewHostKey: true } });
  const [comment, entry, ...more] = (await readFile(knownHostsFile, 'utf8')).trim().split('\n');
  expect([comment, entry?.split(' ').slice(1).join(' '), more]).toEqual(['# mine', (await hostKey()).trim(), []]);
  await bench.engine({ profile: { knownHostsFile } });
  const options = ['BatchMode=yes', 'StrictHostKeyChecking=yes', `UserKnownHostsFile=${knownHostsFile}`];
  const ssh = ['-F', 'none', '-i', host.identityFile, ...options.flatMap((option) => ['-o', option])];
  const { stdout } = await promisify(execFile)('ssh', [...ssh, `${host.user}@${host.address}`, 'echo known']);
  expect(stdout).toBe('known\n');
});

test('a hashed entry for the host is found', async () => {
  await writeFile(knownHostsFile, `${host.address} ${await hostKey()}`);
  await run('ssh-keygen', ['-H', '-f', knownHostsFile]);
  expect(await readFile(knownHostsFile, 'utf8')).toMatch(/^\|1\|/);
  await bench.engine({ profile: { knownHostsFile } });
});

test('a changed key stops, with both fingerprints, the line, and the command that forgets the old one', async () => {
  const old = await newKey('old');
  const entry = `${host.address} ${await readFile(`${old}.pub`, 'utf8')}`;
  await writeFile(knownHostsFile, `# mine\n${entry}`);
  const log = await newLines();
  const engine = await bench.starting({ profile: { knownHostsFile, acceptNewHostKey: true } });
  const { reason } = await engine.until('the stop', (view) => view.state === 'needs-user' && view);
  expect(reason?.code).toBe('host-key-changed');
  expect(reason?.message).toContain(await fingerprint(`${old}.pub`));
  expect(reason?.message).toContain(await fingerprint(join(host.info.dir, 'host_key.pub')));
  expect(reason?.message).toContain(`${knownHostsFile}:2`);
  expect(reason?.hint).toContain(`ssh-keygen -f '${knownHostsFile}' -R '${host.address}'`);
  expect(await log()).not.toMatch(/Accepted|Failed|Postponed|userauth/);
  expect(await readFile(knownHostsFile, 'utf8')).toBe(`# mine\n${entry}`);
});

test('a key that the server does not take needs the user after one login, and nothing is retried by itself', async () => {
  const clock = new TestClock();
  const log = await newLines();
  const engine = await bench.starting({ clock, profile: { identityFile: await newKey('stranger') } });
  const { reason } = await engine.until('the stop', async () => {
    await clock.advance(50);
    const view = engine.host();
    return view.state === 'needs-user' && view;
  });
  expect(reason?.code).toBe('auth-refused');
  expect(reason?.message).toContain(host.user);
  expect(reason?.hint).toBeDefined();

  await clock.advance(3_600_000);
  const marker = bench.name('marker');
  await expect(
    run('ssh', ['-l', marker, ...host.sshd.clientArgs().slice(0, -1), host.address, 'true']),
  ).rejects.toThrow();
  const lines = await log();
  expect(times(lines, new RegExp(`^Invalid user ${marker} `, 'gm'))).toBe(1); // so sshd has told all until then
  expect(times(lines, /^Connection from /gm)).toBe(2);
  expect(times(lines, new RegExp(`^Failed publickey for ${host.user} `, 'gm'))).toBe(1);
  expect(engine.host().connections.opened).toBe(1);
});
