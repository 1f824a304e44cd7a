import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import ssh2 from 'ssh2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../../engine/base/clock.ts';
import { supportedAlgorithms } from '../../../engine/ssh/algorithms.ts';
import { Authentication, type AuthOptions } from '../../../engine/ssh/auth.ts';
import { fingerprintOf, randomartOf } from '../../../engine/ssh/fingerprint.ts';
import { HostKeyCheck } from '../../../engine/ssh/host-key.ts';
import { readKnownHosts } from '../../../engine/ssh/known-hosts-file.ts';
import { hostKeyNames, storedKeyTypes } from '../../../engine/ssh/known-hosts.ts';
import { readPublicKey } from '../../../engine/ssh/private-key.ts';
import { waitFor } from '../../support/wait-for.ts';
import { LoopbackSshd, type SshdOptions } from './loopback-sshd.ts';

const run = promisify(execFile);
let folder = '';
let agent: ChildProcess;
let agentSocket = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auth-'));
  agentSocket = join(folder, 'agent');
  agent = spawn('ssh-agent', ['-D', '-a', agentSocket], { stdio: ['ignore', 'ignore', 'ignore'] });
  await waitFor(
    () =>
      readFile(agentSocket).then(
        () => true,
        (e: NodeJS.ErrnoException) => e.code !== 'ENOENT',
      ),
    { what: 'the agent' },
  );
});
afterAll(async () => {
  const exited = once(agent, 'exit');
  agent.kill();
  await exited;
  await rm(folder, { recursive: true });
});

async function makeKey(name: string, ...how: string[]): Promise<{ path: string; line: string; configured: true }> {
  const path = join(folder, name);
  await run('ssh-keygen', ['-q', '-f', path, ...how]);
  return { path, line: await readFile(`${path}.pub`, 'utf8'), configured: true };
}

async function withAgentKeys(paths: string[]): Promise<void> {
  const env = { ...process.env, SSH_AUTH_SOCK: agentSocket };
  await run('ssh-add', ['-q', '-D'], { env });
  for (const path of paths) await run('ssh-add', ['-q', path], { env });
}

async function logIn(
  server: SshdOptions,
  more: Partial<AuthOptions> = {},
): Promise<{ ready: boolean; message: string; hint: string; code: unknown; refused: number }> {
  const sshd = await LoopbackSshd.start(server);
  const signal = new AbortController().signal;
  const prompter: AuthOptions['prompter'] = more.prompter ?? (() => Promise.resolve(undefined));
  const authentication = new Authentication({
    hostId: 'lab',
    host: 'gpu-lab',
    port: sshd.port,
    user: sshd.user,
    files: [],
    keyTexts: [],
    agentSocket: undefined,
    identitiesOnly: false,
    signal,
    clock: systemClock,
    ...more,
    prompter,
  });
  const where = { hostName: '127.0.0.1', port: sshd.port };
  const knownHosts = join(sshd.folder, 'known_hosts');
  const check = new HostKeyCheck({
    hostId: 'lab',
    ...where,
    userKnownHostsFiles: [knownHosts],
    globalKnownHostsFiles: [],
    unknownKey: 'accept-new',
    prompter,
    signal,
  });
  const types = storedKeyTypes(await readKnownHosts([knownHosts]), hostKeyNames(where));
  const client = new ssh2.Client();
  const ended = new Promise<Error | undefined>((resolve) => {
    client.once('ready', () => resolve(undefined));
    client.once('error', resolve);
    client.once('close', () => resolve(new Error('closed')));
  });
  const { algorithms } = supportedAlgorithms({ storedKeyTypes: types });
  client.connect({
    host: '127.0.0.1',
    port: sshd.port,
    username: sshd.user,
    authHandler: authentication.handler,
    hostVerifier: check.verify,
    algorithms,
  });
  const error = await ended;
  client.on('error', () => undefined);
  client.destroy();
  const failure = check.failure ?? authentication.failure(error);
  await sshd.dispose();
  const refused = sshd.log.filter((line) => line.startsWith('Failed publickey')).length;
  return {
    ready: error === undefined,
    message: failure?.message ?? '',
    hint: failure?.hint ?? '',
    code: failure?.code,
    refused,
  };
}

describe('a key of every format logs in at sshd', () => {
  test.each(
    [['ed25519'], ['rsa', '-b', '2048'], ['ecdsa', '-b', '256'], ['ecdsa', '-b', '521']].flatMap((type) =>
      ['RFC4716', 'PEM', 'PKCS8'].flatMap((format) =>
        ['', 'sesame'].map((passphrase) => ({ type, format, passphrase })),
      ),
    ),
  )('$type as $format with passphrase "$passphrase"', async ({ type, format, passphrase }) => {
    const name = `key-${type.join('')}-${format}-${passphrase}`;
    const key = await makeKey(name, '-t', ...type, '-m', format, '-N', passphrase);
    const prompter: AuthOptions['prompter'] = async () => ({ kind: 'passphrase', hostId: 'lab', passphrase });
    expect(await logIn({ authorizedKeys: [key.line] }, { files: [key], prompter })).toMatchObject({
      ready: true,
      message: '',
    });
  });
});

const keysOnly = { config: ['PasswordAuthentication no', 'KbdInteractiveAuthentication no'] };

describe('a real agent', () => {
  test('logs in with any kind of its keys', async () => {
    for (const type of ['ed25519', 'rsa', 'ecdsa']) {
      const key = await makeKey(`agent-${type}`, '-t', type, '-N', '');
      await withAgentKeys([key.path]);
      expect((await logIn({ authorizedKeys: [key.line] }, { agentSocket })).ready).toBe(true);
    }
  });

  test('offers its configured key first, and no other with IdentitiesOnly, even when only the .pub is here', async () => {
    const keys = await Promise.all([1, 2, 3].map((n) => makeKey(`many-${n}`, '-t', 'ed25519', '-N', '')));
    await withAgentKeys(keys.map((key) => key.path));
    const [, , last] = keys;
    if (last === undefined) throw new Error('three keys were made');
    await rm(last.path);
    const wanted = { authorizedKeys: [last.line] };
    const plain = await logIn(wanted, { agentSocket });
    const first = await logIn(wanted, { agentSocket, files: [last] });
    const only = await logIn(wanted, {
      agentSocket,
      files: [{ path: `${last.path}.pub`, configured: true }],
      identitiesOnly: true,
    });
    expect([plain, first, only].map(({ ready, refused }) => [ready, refused])).toEqual([
      [true, 2],
      [true, 0],
      [true, 0],
    ]);
  });

  test('whose keys are all refused is named with their number', async () => {
    const { code, message, hint } = await logIn(keysOnly, { agentSocket, user: 'nobody-here' });
    expect([code, message.slice(0, 60)]).toEqual([
      'auth-refused',
      'gpu-lab refused 3 keys of the agent for user nobody-here. It',
    ]);
    expect(hint).toMatch(/^Add your public key there: ssh-copy-id -p \d+ nobody-here@gpu-lab/);
  });

  test('with more keys than the server has patience for is told to name one', async () => {
    const { code, hint, refused } = await logIn({ config: ['MaxAuthTries 2'] }, { agentSocket });
    expect([code, refused, hint]).toEqual([
      'auth-refused',
      2,
      'It hung up before all keys were tried. Name the right one: -i KEY, or IdentityFile with IdentitiesOnly yes.',
    ]);
  });
});

test('two keys that a server asks for together are both given', async () => {
  const keys = await Promise.all([1, 2].map((n) => makeKey(`pair-${n}`, '-t', 'ed25519', '-N', '')));
  const server = { authorizedKeys: keys.map((key) => key.line), config: ['AuthenticationMethods publickey,publickey'] };
  expect((await logIn(server, { files: keys })).ready).toBe(true);
});

test('fingerprint and picture of every key type are those of ssh-keygen -lv', async () => {
  for (const how of [
    ['ed25519'],
    ['rsa', '-b', '3072'],
    ['rsa', '-b', '1024'],
    ['ecdsa', '-b', '256'],
    ['ecdsa', '-b', '521'],
  ]) {
    const { path } = await makeKey(`art-${how.join('')}`, '-t', ...how, '-N', '');
    const key = (await readPublicKey(`${path}.pub`)) ?? Buffer.alloc(0);
    const { stdout } = await run('ssh-keygen', ['-lv', '-f', `${path}.pub`]);
    const [summary = '', ...picture] = stdout.trimEnd().split('\n');
    expect([fingerprintOf(key), ...randomartOf(key)]).toEqual([summary.split(' ')[1], ...picture]);
  }
});

test('a server that speaks only what we lack is not reached, and ssh2 does not throw', async () => {
  const key = await makeKey('pq', '-t', 'ed25519', '-N', '');
  const outcome = await logIn(
    { authorizedKeys: [key.line], config: ['KexAlgorithms sntrup761x25519-sha512@openssh.com'] },
    { files: [key] },
  );
  expect([outcome.ready, outcome.code]).toEqual([false, undefined]);
});
