import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock, type Clock } from '../../../engine/base/clock.ts';
import type { Prompter } from '../../../engine/ssh/prompter.ts';
import type { PromptAnswer, PromptRequest } from '../../../shared/prompt.ts';
import { startTestAgent } from '../../support/test-agent.ts';
import { startTestSshd, type TestAuth, type TestSshd } from '../../support/test-sshd.ts';
import { OpenSshBench } from './openssh-bench.ts';

let bench: OpenSshBench;
let asked: PromptRequest[] = [];
let testSshd: TestSshd | undefined;

beforeEach(async () => {
  bench = await OpenSshBench.make();
  asked = [];
});
afterEach(async () => {
  await bench.dispose();
  await testSshd?.dispose();
  testSshd = undefined;
});

/** Answers as `answer` says, and keeps what was asked. */
function person(answer: (request: PromptRequest) => PromptAnswer | undefined): Prompter {
  return (request) => {
    asked.push(request);
    return Promise.resolve(answer(request));
  };
}

function secret(...secrets: string[]): Prompter {
  return person(({ kind, hostId }) => {
    const given = secrets.shift();
    if (given === undefined) return undefined;
    if (kind === 'password') return { kind, hostId, password: given };
    if (kind === 'passphrase') return { kind, hostId, passphrase: given };
    return kind === 'keyboard-interactive' ? { kind, hostId, answers: [given] } : undefined;
  });
}

async function startServer(auth: TestAuth): Promise<TestSshd> {
  testSshd = await startTestSshd({ auth });
  return testSshd;
}

describe('ssh’s questions reach a person', () => {
  test('a password, whatever characters it is made of', async () => {
    const { port } = await startServer({ password: ` a'b"c\\d $(e) %s € ` });
    const link = await bench.connect(port, {
      target: { host: '127.0.0.1', port, user: 'me' },
      prompter: secret(` a'b"c\\d $(e) %s € `),
    });
    await link.signOfLife();
    expect(asked).toEqual([{ kind: 'password', hostId: 'lab', user: 'me', host: '127.0.0.1' }]);
  });

  test('a wrong password is tried once', async () => {
    const { port, authAttempts } = await startServer({ password: 'right' });
    expect(await bench.refusal(port, { prompter: secret('wrong', 'right') })).toBe('auth-refused');
    expect([asked.length, authAttempts.filter((method) => method === 'password').length]).toEqual([1, 1]);
  });

  test('a password that nobody gives is not tried at all', async () => {
    const { port, authAttempts } = await startServer({ password: 'right' });
    expect(await bench.refusal(port)).toBe('auth-needs-answer');
    expect(authAttempts).not.toContain('password');
  });

  test('several prompts of keyboard-interactive, one after the other', async () => {
    const prompts = [
      { prompt: 'Password: ', answer: 'one' },
      { prompt: 'Code: ', answer: '123456' },
    ];
    const { port } = await startServer({ prompts });
    await bench.connect(port, { prompter: secret('one', '123456') });
    const words = asked.map((request) =>
      request.kind === 'keyboard-interactive' ? request.prompts[0]?.text : request.kind,
    );
    expect(words.map((word) => word?.replace(/^\(.+\) /, ''))).toEqual(['Password:', 'Code:']);
  });

  test('the passphrase of a key, again when it was wrong', async () => {
    const line = await bench.makeKey('locked', 'sesame');
    const sshd = await bench.sshd([], { authorizedKeys: [line] });
    const keyFile = join(bench.folder, 'locked');
    await bench.connect(sshd.port, { identityFile: keyFile, prompter: secret('salt', 'sesame') });
    const question = { kind: 'passphrase', hostId: 'lab', keyFile };
    expect(asked).toEqual([
      { ...question, wrongBefore: false },
      { ...question, wrongBefore: true },
    ]);
  });

  test('the passphrase of a jump host’s key, and the next host is reached through it', async () => {
    const line = await bench.makeKey('locked', 'sesame');
    const [jump, inner] = [await bench.sshd([], { authorizedKeys: [line] }), await bench.sshd()];
    const config = join(bench.folder, 'config');
    await writeFile(
      config,
      [
        `Host *\n  UserKnownHostsFile ${bench.knownHosts}\n  StrictHostKeyChecking accept-new\n  IdentitiesOnly yes`,
        `Host jump\n  HostName 127.0.0.1\n  Port ${jump.port}\n  IdentityFile ${join(bench.folder, 'locked')}`,
        `Host inner\n  HostName 127.0.0.1\n  Port ${inner.port}\n  IdentityFile ${bench.key}\n  ProxyJump jump\n`,
      ].join('\n'),
    );
    const { identityFile: _key, knownHostsFile: _file, ...options } = bench.options(0);
    const link = await bench.connectWith({
      ...options,
      target: { host: 'inner' },
      sshConfigFile: config,
      prompter: secret('sesame'),
    });
    await link.signOfLife();
    expect([asked.map(({ kind }) => kind), inner.log.some((entry) => entry.startsWith('Accepted'))]).toEqual([
      ['passphrase'],
      true,
    ]);
  });

  test('an unknown host key, which is remembered when it is accepted', async () => {
    const sshd = await bench.sshd();
    const accept = person(({ kind, hostId }) => (kind === 'host-key' ? { kind, hostId, accept: true } : undefined));
    await bench.connect(sshd.port, { acceptNewHostKey: false, prompter: accept });
    await bench.connect(sshd.port, { acceptNewHostKey: false, prompter: accept });
    const name = `[127.0.0.1]:${sshd.port}`;
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ kind: 'host-key', host: name, port: sshd.port, keyType: 'ED25519' });
    expect(await readFile(bench.knownHosts, 'utf8')).not.toBe('');
  });
});

describe('what ssh refuses is told in our words', () => {
  test('an unknown host key that nobody accepts, also where ssh_config would wave it through', async () => {
    const sshd = await bench.sshd();
    const config = join(bench.folder, 'config');
    await writeFile(config, 'StrictHostKeyChecking no\n');
    const unattended = { acceptNewHostKey: false };
    const declined = await bench.refusal(sshd.port, {
      ...unattended,
      prompter: person(({ hostId }) => ({ kind: 'host-key', hostId, accept: false })),
    });
    const nobody = await bench.refusal(sshd.port, { ...unattended, sshConfigFile: config });
    expect([declined, nobody]).toEqual(['host-key-unknown', 'host-key-unknown']);
    expect(await readFile(bench.knownHosts, 'utf8').catch(() => '')).toBe('');
  });

  test('a changed host key, with its place and both keys’ ways apart', async () => {
    const sshd = await bench.sshd();
    const other = await bench.makeKey('other');
    await writeFile(bench.knownHosts, `[127.0.0.1]:${sshd.port} ${other}`);
    await expect(bench.connect(sshd.port)).rejects.toMatchObject({
      code: 'host-key-changed',
      message: expect.stringMatching(/now shows the ED25519 key SHA256:\S+\. .+known_hosts:1/) as string,
      hint: expect.stringContaining('ssh-keygen -f') as string,
    });
  });

  test('a key that is not accepted, with the methods that are', async () => {
    const sshd = await bench.sshd(['PasswordAuthentication no', 'KbdInteractiveAuthentication no'], {
      authorizedKeys: [],
    });
    await expect(bench.connect(sshd.port)).rejects.toMatchObject({
      code: 'auth-refused',
      message: expect.stringContaining('publickey') as string,
    });
  });

  test('an agent that does not answer, or does not sign', async () => {
    const sshd = await bench.sshd(['PasswordAuthentication no', 'KbdInteractiveAuthentication no']);
    const key = Buffer.from((await readFile(`${bench.key}.pub`, 'utf8')).split(' ')[1] ?? '', 'base64');
    const hurried: Clock = { ...systemClock, after: (ms, run, options) => systemClock.after(ms / 30, run, options) };
    for (const [index, keys] of [undefined, [key]].entries()) {
      const socket = join(bench.folder, `agent-${index}`);
      const agent = await startTestAgent(socket, keys);
      const sshConfigFile = join(bench.folder, 'agent-config');
      await writeFile(sshConfigFile, `IdentityAgent ${socket}\n`);
      await expect(
        bench.connect(sshd.port, { sshConfigFile, clock: hurried, identityFile: `${bench.key}.pub` }),
      ).rejects.toMatchObject({
        code: 'auth-refused',
        message: expect.stringContaining('the ssh-agent, which does not answer') as string,
      });
      expect(agent.heard.includes('sign')).toBe(keys !== undefined);
      await agent.dispose();
    }
  });

  test('nothing in common, nobody there, no such name, no SSH, a broken ssh_config, no ssh at all', async () => {
    const sshd = await bench.sshd();
    const config = async (name: string, content: string): Promise<string> => {
      await writeFile(join(bench.folder, name), content);
      return join(bench.folder, name);
    };
    const incompatible = await config('incompatible', 'Ciphers 3des-cbc\n');
    expect([
      await bench.refusal(sshd.port, { sshConfigFile: incompatible }),
      await bench.refusal(1),
      await bench.refusal(22, { target: { host: 'no-such-host.invalid' } }),
      await bench.refusal(sshd.port, { sshConfigFile: await config('broken', 'NoSuchOption yes\n') }),
      await bench.refusal(sshd.port, { client: '/nowhere/ssh' }),
      await bench.refusal(sshd.port, { runtimeDir: join(bench.folder, 'x'.repeat(80)) }),
    ]).toEqual([
      'algorithms-incompatible',
      'host-refused',
      'host-not-found',
      'ssh-config-invalid',
      'openssh-missing',
      'socket-path-too-long',
    ]);
    expect(await bench.leftovers()).toEqual([]);
  });
});
