import { beforeEach, describe, expect, test } from 'vitest';
import { silentLogger, type Logger } from '../../engine/base/logger.ts';
import { hostSecrets, lazyKeychain, type HostSecrets } from '../../engine/host-secrets.ts';
import { accountOf, type Keychain } from '../../engine/keychain.ts';
import type { SshLink } from '../../engine/ssh/link.ts';
import type { PromptAnswer, PromptRequest } from '../../shared/prompt.ts';

const never = new AbortController().signal;
const attempt = { signal: never, onTransportUp: () => undefined };
const request: PromptRequest = { kind: 'password', hostId: 'lab', user: 'ml', host: 'lab', port: 22 };
const link = {} as SshLink;

let stored: Map<string, string>;
let asked: PromptRequest[];
let remember: boolean;
let warnings: string[];
const keychain: Keychain = {
  get: (name) => Promise.resolve(stored.get(accountOf(name))),
  set: async (name, secret) => void stored.set(accountOf(name), secret),
  delete: async (name) => void stored.delete(accountOf(name)),
};
const log: Logger = { ...silentLogger, warn: (message) => void warnings.push(message) };

beforeEach(() => {
  stored = new Map();
  asked = [];
  remember = true;
  warnings = [];
});

const opens = (opened: Keychain | { unavailable: string }) => lazyKeychain(() => Promise.resolve(opened), log);
const person = (question: PromptRequest): Promise<PromptAnswer> => {
  asked.push(question);
  return Promise.resolve({ kind: 'password', hostId: 'lab', password: 'p', remember });
};

/** One attempt to connect that asks for the password and then ends so. */
async function attempted(secrets: HostSecrets, end: () => Promise<SshLink>, signal = never): Promise<unknown> {
  const connect = secrets.learningFrom(async ({ signal: asking }) => {
    await secrets.ask(request, asking);
    return end();
  });
  const outcome = await connect({ ...attempt, signal }).catch((error: unknown) => error);
  await new Promise((resolve) => void setImmediate(resolve)); // what is learnt is learnt after the fact
  return outcome;
}

const succeeds = (): Promise<SshLink> => Promise.resolve(link);
const fails = (): Promise<SshLink> => Promise.reject(new Error('refused'));

describe('with a keychain', () => {
  test('a secret is kept once it has let us in and the person wants it, and nobody is asked again', async () => {
    const secrets = hostSecrets(person, opens(keychain), log);
    expect(await attempted(secrets, succeeds)).toBe(link);
    await attempted(secrets, succeeds);
    expect(asked).toEqual([{ ...request, canRemember: true }]);
    expect([...stored.values()]).toEqual(['p']);
  });

  test.each([
    ['not wanted', false, succeeds],
    ['wrong', true, fails],
  ])('a secret that is %s is not kept', async (_title, wanted, end) => {
    remember = wanted;
    await attempted(hostSecrets(person, opens(keychain), log), end);
    expect(stored.size).toBe(0);
  });

  test('a kept password that the server refuses is forgotten; one that was cut short is not', async () => {
    stored.set('password ml@lab:22', 'old');
    const secrets = hostSecrets(person, opens(keychain), log);
    const stop = new AbortController();
    stop.abort(new Error('stopped'));
    await attempted(secrets, fails, stop.signal);
    expect(stored.size).toBe(1);
    const others = hostSecrets(person, opens(keychain), log);
    expect(await attempted(others, fails)).toEqual(new Error('refused'));
    expect(stored.size).toBe(0);
  });

  test('one that does not take the secret costs a warning, not the connection', async () => {
    const full: Keychain = { ...keychain, set: () => Promise.reject(new Error('locked')) };
    expect(await attempted(hostSecrets(person, opens(full), log), succeeds)).toBe(link);
    expect(warnings).toEqual(['keychain']);
  });
});

describe('without one', () => {
  test.each([
    ['is none', () => Promise.resolve({ unavailable: 'no Secret Service' })],
    ['fails to open', () => Promise.reject(new Error('broken library'))],
  ])('where there %s, a person is asked each time, without an offer to keep it', async (_title, open) => {
    const secrets = hostSecrets(person, lazyKeychain(open, log), log);
    await attempted(secrets, succeeds);
    await attempted(secrets, succeeds);
    expect(asked).toEqual([request, request]);
  });
});

test('what is no secret is asked as it is, and the keychain is not even opened', async () => {
  let opened = 0;
  const chain = lazyKeychain(() => Promise.resolve(((opened += 1), keychain)), log);
  const question: PromptRequest = {
    kind: 'keyboard-interactive',
    hostId: 'lab',
    name: '',
    instructions: '',
    prompts: [],
  };
  await hostSecrets(person, chain, log).ask(question, never);
  expect([opened, asked]).toEqual([0, [question]]);
  await Promise.all([chain.available(), chain.available()]);
  expect(opened).toBe(1);
});
