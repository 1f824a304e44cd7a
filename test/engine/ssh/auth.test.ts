import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2, { type AuthContext, type AuthenticationType } from 'ssh2';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../engine/base/clock.ts';
import { Authentication, type AuthOptions } from '../../../engine/ssh/auth.ts';
import type { PromptAnswer, PromptRequest } from '../../../shared/prompt.ts';
import { startTestAgent } from '../../support/test-agent.ts';
import { TestClock } from '../../support/test-clock.ts';
import { waitFor } from '../../support/wait-for.ts';

const keys = ssh2.utils.generateKeyPairSync;
const hostKey = keys('ed25519').private;
const plain = keys('ed25519');
const encrypted = keys('ed25519', { cipher: 'aes256-ctr', rounds: 1, passphrase: 'sesame' });

/** What a scripted server says to one request: let in, partly, or no; and what it takes next. */
type Ruling = true | 'hang up' | { readonly left: AuthenticationType[]; readonly partial?: boolean };
type Rules = (context: AuthContext, seen: string[]) => Ruling | Promise<Ruling>;

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auth-'));
});
afterEach(() => rm(folder, { recursive: true }));

interface Outcome {
  readonly seen: string[];
  readonly asked: PromptRequest[];
  readonly ready: boolean;
  readonly failure: unknown;
  readonly message: string;
}

/** Logs in at a server with these rules, and reports what the server saw and what the person was asked. */
async function logIn(rules: Rules, more: Partial<AuthOptions> = {}, answers: PromptAnswer[] = []): Promise<Outcome> {
  const seen: string[] = [];
  const server = new ssh2.Server({ hostKeys: [hostKey] }, (peer) => {
    peer.on('error', () => undefined);
    peer.on('authentication', (context) => {
      const signed = context.method === 'publickey' && context.signature !== undefined;
      seen.push(signed ? 'publickey signed' : context.method);
      void Promise.resolve(rules(context, seen)).then((ruling) => {
        if (ruling === true) context.accept();
        else if (ruling === 'hang up') peer.end();
        else context.reject(ruling.left, ruling.partial ?? false);
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const asked: PromptRequest[] = [];
  const authentication = new Authentication({
    hostId: 'web',
    host: 'web.example.com',
    port: 2222,
    user: 'ml',
    files: [],
    keyTexts: [],
    agentSocket: undefined,
    identitiesOnly: false,
    prompter: async (request) => {
      asked.push(request);
      return answers.shift();
    },
    signal: new AbortController().signal,
    clock: systemClock,
    ...more,
  });
  const client = new ssh2.Client();
  const { port } = server.address() as AddressInfo;
  const ended = new Promise<Error | undefined>((resolve) => {
    client.once('ready', () => resolve(undefined));
    client.once('error', resolve);
    client.once('close', () => resolve(new Error('closed')));
  });
  client.connect({ host: '127.0.0.1', port, username: 'ml', authHandler: authentication.handler });
  const error = await ended;
  client.on('error', () => undefined);
  client.destroy();
  server.close();
  await once(server, 'close');
  const failure = authentication.failure(error);
  return { seen, asked, ready: error === undefined, failure: failure?.code, message: failure?.message ?? '' };
}

const takes =
  (...left: AuthenticationType[]): Rules =>
  () => ({ left });
const acceptsKey: Rules = (context) => (context.method === 'publickey' ? true : { left: ['publickey'] });

async function file(name: string, text: string): Promise<{ path: string; configured: boolean }> {
  const path = join(folder, name);
  await writeFile(path, text, { mode: 0o600 });
  return { path, configured: true };
}

describe('keys', () => {
  test('a key given as text logs in', async () => {
    const outcome = await logIn(acceptsKey, { keyTexts: [plain.private] });
    expect([outcome.ready, outcome.seen, outcome.failure]).toEqual([
      true,
      ['none', 'publickey', 'publickey signed'],
      undefined,
    ]);
  });

  test('a passphrase is asked for only once the server wants that very key', async () => {
    const files = [
      await file('unwanted', keys('ed25519', { cipher: 'aes256-ctr', rounds: 1, passphrase: 'x' }).private),
      await file('wanted', encrypted.private),
    ];
    const wanted = ssh2.utils.parseKey(encrypted.public);
    if (wanted instanceof Error) throw wanted;
    const rules: Rules = (context) =>
      context.method === 'publickey' && context.key.data.equals(wanted.getPublicSSH()) ? true : { left: ['publickey'] };
    const answers = ['wrong', 'sesame'].map(
      (passphrase) => ({ kind: 'passphrase', hostId: 'web', passphrase }) as const,
    );
    const outcome = await logIn(rules, { files }, answers);
    expect([outcome.ready, outcome.asked]).toEqual([
      true,
      [
        { kind: 'passphrase', hostId: 'web', keyFile: files[1]?.path, wrongBefore: false },
        { kind: 'passphrase', hostId: 'web', keyFile: files[1]?.path, wrongBefore: true },
      ],
    ]);
  });

  test('a passphrase nobody gives leads on to the next key', async () => {
    const files = [await file('closed', encrypted.private), await file('open', plain.private)];
    const outcome = await logIn(acceptsKey, { files });
    expect([outcome.ready, outcome.seen]).toEqual([true, ['none', 'publickey', 'publickey', 'publickey signed']]);
  });

  test('a passphrase nobody gives to the only key is what the failure is about', async () => {
    const outcome = await logIn(acceptsKey, { files: [await file('closed', encrypted.private)] });
    expect([outcome.ready, outcome.failure]).toEqual([false, 'key-passphrase-needed']);
  });

  test('refused keys are named, with those that could not be used', async () => {
    const files = [
      await file('good', plain.private),
      await file('bad', 'no key'),
      { path: join(folder, 'id_rsa'), configured: false },
    ];
    const outcome = await logIn(takes('publickey'), { files });
    const { path } = files[0] ?? { path: '' };
    expect([outcome.failure, outcome.message]).toEqual([
      'auth-refused',
      `web.example.com refused the key ${path} for user ml. It takes: publickey. The key ${join(folder, 'bad')} can't be used: it is not a private key in a known format.`,
    ]);
  });

  test('an agent that is gone is a note, not an end', async () => {
    const outcome = await logIn(acceptsKey, {
      agentSocket: join(folder, 'no-agent'),
      files: [await file('key', plain.private)],
    });
    expect(outcome.ready).toBe(true);
  });

  test('an agent that does not answer is what a failure is about that has no other cause', async () => {
    const agentSocket = join(folder, 'silent-agent');
    const agent = await startTestAgent(agentSocket);
    const clock = new TestClock();
    const ended = logIn(acceptsKey, { agentSocket, clock });
    await waitFor(() => agent.heard.length === 1, { what: 'the question to the agent' });
    await clock.advance(5_000);
    const saysSo = `It takes: publickey. The agent at ${agentSocket} does not answer: no answer within 5 s.`;
    expect((await ended).message).toContain(saysSo);
    await agent.dispose();
  });

  test('a right key that is not enough leads on to what the server asks for then', async () => {
    const rules: Rules = (context, seen) => {
      if (context.method === 'password') return true;
      return seen.includes('publickey signed')
        ? { left: ['password'], partial: context.method === 'publickey' }
        : context.method === 'publickey'
          ? acceptKey(context)
          : { left: ['publickey'] };
    };
    const acceptKey = (context: AuthContext): Ruling =>
      context.method === 'publickey' && context.signature === undefined ? true : { left: ['password'], partial: true };
    const outcome = await logIn(rules, { keyTexts: [plain.private] }, [
      { kind: 'password', hostId: 'web', password: 'p' },
    ]);
    expect([outcome.ready, outcome.seen]).toEqual([
      true,
      ['none', 'publickey', 'publickey signed', 'none', 'password'],
    ]);
  });
});

describe('a person', () => {
  const question = { kind: 'password', hostId: 'web', user: 'ml', host: 'web.example.com', port: 2222 } as const;

  test('is asked for a password once, and a refused one is not repeated', async () => {
    const outcome = await logIn(
      takes('password'),
      {},
      Array<PromptAnswer>(3).fill({ kind: 'password', hostId: 'web', password: 'bad' }),
    );
    expect([outcome.seen, outcome.asked, outcome.failure]).toEqual([['none', 'password'], [question], 'auth-refused']);
  });

  test('who cannot be asked ends the login without an attempt', async () => {
    const outcome = await logIn(takes('password'));
    expect([outcome.seen, outcome.failure]).toEqual([['none'], 'auth-needs-answer']);
  });

  test('answers several questions, asked again for a second round, and is let in', async () => {
    const rules: Rules = (context) => {
      if (context.method !== 'keyboard-interactive') return { left: ['keyboard-interactive', 'password'] };
      return new Promise((resolve) => {
        context.prompt(
          [
            { prompt: 'Password: ', echo: false },
            { prompt: 'Name: ', echo: true },
          ],
          'PAM',
          'Be brief',
          () => context.prompt([{ prompt: 'Code: ', echo: false }], () => resolve(true)),
        );
      });
    };
    const answers = [['p', 'n'], ['123']].map(
      (given) => ({ kind: 'keyboard-interactive', hostId: 'web', answers: given }) as const,
    );
    const outcome = await logIn(rules, {}, answers);
    expect([outcome.ready, outcome.asked]).toEqual([
      true,
      [
        {
          kind: 'keyboard-interactive',
          hostId: 'web',
          name: 'PAM',
          instructions: 'Be brief',
          prompts: [
            { text: 'Password: ', echo: false },
            { text: 'Name: ', echo: true },
          ],
        },
        {
          kind: 'keyboard-interactive',
          hostId: 'web',
          name: '',
          instructions: '',
          prompts: [{ text: 'Code: ', echo: false }],
        },
      ],
    ]);
  });

  test('whose answer is refused is not asked for the password as well', async () => {
    const rules: Rules = (context) =>
      context.method === 'keyboard-interactive'
        ? new Promise((resolve) =>
            context.prompt([{ prompt: 'Password: ', echo: false }], () =>
              resolve({ left: ['keyboard-interactive', 'password'] }),
            ),
          )
        : { left: ['keyboard-interactive', 'password'] };
    const outcome = await logIn(rules, {}, [{ kind: 'keyboard-interactive', hostId: 'web', answers: ['bad'] }]);
    expect([outcome.seen, outcome.failure]).toEqual([['none', 'keyboard-interactive'], 'auth-refused']);
  });

  test('who does not answer a question ends the login, and nothing is sent in their place', async () => {
    let answered = false;
    const rules: Rules = (context) => {
      if (context.method === 'keyboard-interactive') {
        context.prompt([{ prompt: 'Code: ', echo: false }], () => (answered = true));
        return new Promise(() => undefined);
      }
      return { left: ['keyboard-interactive', 'password'] };
    };
    const outcome = await logIn(rules);
    expect([outcome.failure, answered, outcome.seen]).toEqual([
      'auth-needs-answer',
      false,
      ['none', 'keyboard-interactive'],
    ]);
  });
});

test('a server that needs no proof lets in at once', async () => {
  const outcome = await logIn(() => true);
  expect([outcome.ready, outcome.seen]).toEqual([true, ['none']]);
});

test('a connection that ends during the login is no verdict on the keys', async () => {
  const outcome = await logIn((context) => (context.method === 'none' ? { left: ['publickey'] } : 'hang up'), {
    keyTexts: [plain.private],
  });
  expect([outcome.ready, outcome.failure]).toEqual([false, undefined]);
});
