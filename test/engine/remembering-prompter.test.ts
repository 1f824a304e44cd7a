import { beforeEach, describe, expect, test } from 'vitest';
import { accountOf, type Keychain } from '../../engine/keychain.ts';
import { rememberingPrompter, type RememberingPrompter } from '../../engine/remembering-prompter.ts';
import type { PromptAnswer, PromptRequest } from '../../shared/prompt.ts';

const signal = new AbortController().signal;
const password = { kind: 'password', hostId: 'lab', user: 'ml', host: 'lab', port: 22 } as PromptRequest;
const passphrase = (wrongBefore: boolean): PromptRequest => ({
  kind: 'passphrase',
  hostId: 'lab',
  keyFile: '/k',
  wrongBefore,
});
const passwordAccount = 'password ml@lab:22';
const passphraseAccount = 'passphrase /k SHA256:k';

let stored: Map<string, string>;
let asked: PromptRequest[];
let answer: PromptAnswer | undefined;
let consents: boolean;
let prompter: RememberingPrompter;

const keychain: Keychain = {
  get: (name) => Promise.resolve(stored.get(accountOf(name))),
  set: async (name, secret) => void stored.set(accountOf(name), secret),
  delete: async (name) => void stored.delete(accountOf(name)),
};

beforeEach(() => {
  stored = new Map();
  asked = [];
  answer = { kind: 'password', hostId: 'lab', password: 'from a person' };
  consents = true;
  const person = (request: PromptRequest) => (asked.push(request), Promise.resolve(answer));
  prompter = rememberingPrompter(
    person,
    keychain,
    () => Promise.resolve(consents),
    () => Promise.resolve('SHA256:k'),
  );
});

const ask = (request: PromptRequest) => prompter.ask(request, signal);

describe('a secret that a person gave', () => {
  test('is kept once the login has succeeded, and given from then on', async () => {
    await ask(password);
    expect(stored.size).toBe(0);
    await prompter.succeeded();
    expect(await ask(password)).toEqual({ kind: 'password', hostId: 'lab', password: 'from a person' });
    expect(asked).toHaveLength(1);
    expect([...stored]).toEqual([[passwordAccount, 'from a person']]);
  });

  test('is not kept without consent, nor after a refusal', async () => {
    consents = false;
    await ask(password);
    await prompter.succeeded();
    consents = true;
    await ask(password);
    await prompter.refused();
    await prompter.succeeded();
    expect(stored.size).toBe(0);
    expect(asked).toHaveLength(2);
  });

  test('that was wrong for the key is not kept: the one that was right is', async () => {
    answer = { kind: 'passphrase', hostId: 'lab', passphrase: 'wrong' };
    await ask(passphrase(false));
    answer = { kind: 'passphrase', hostId: 'lab', passphrase: 'right' };
    await ask(passphrase(true));
    await prompter.succeeded();
    expect([...stored]).toEqual([[passphraseAccount, 'right']]);
  });
});

describe('a secret of the keychain', () => {
  test('that is wrong for the key is deleted, and a person is asked', async () => {
    stored.set(passphraseAccount, 'old');
    expect(await ask(passphrase(false))).toEqual({ kind: 'passphrase', hostId: 'lab', passphrase: 'old' });
    answer = { kind: 'passphrase', hostId: 'lab', passphrase: 'new' };
    expect(await ask(passphrase(true))).toEqual(answer);
    expect(stored.size).toBe(0);
  });

  test('that the server refuses is deleted; a passphrase that opened its key stays', async () => {
    stored.set(passwordAccount, 'old').set(passphraseAccount, 'opens');
    await ask(passphrase(false));
    await ask(password);
    await prompter.refused();
    expect([...stored.keys()]).toEqual([passphraseAccount]);
    expect(asked).toEqual([]);
  });

  test('is given once while nothing is heard of a password, as often as needed for a key', async () => {
    stored.set(passwordAccount, 'old').set(passphraseAccount, 'opens');
    await ask(password);
    await ask(password);
    expect(asked).toEqual([password]);
    await ask(passphrase(false));
    await ask(passphrase(false));
    expect(asked).toHaveLength(1);
  });
});

test('a person who declines leaves nothing behind', async () => {
  answer = undefined;
  expect(await ask(password)).toBeUndefined();
  await prompter.succeeded();
  expect(stored.size).toBe(0);
});

test('what can not be told apart or must not be kept goes to a person: no port, no key, one-time codes, host keys', async () => {
  stored.set(passwordAccount, 'old');
  const { port: _, ...portless } = password as PromptRequest & { port: number };
  await ask(portless as PromptRequest);
  await ask({
    kind: 'keyboard-interactive',
    hostId: 'lab',
    name: '',
    instructions: '',
    prompts: [{ text: 'Code:', echo: false }],
  });
  const unreadable = rememberingPrompter(
    () => Promise.resolve(undefined),
    keychain,
    () => Promise.resolve(true),
  );
  expect(
    await unreadable.ask({ ...passphrase(false), keyFile: '/nowhere/key' } as PromptRequest, signal),
  ).toBeUndefined();
  expect(asked.map(({ kind }) => kind)).toEqual(['password', 'keyboard-interactive']);
});
