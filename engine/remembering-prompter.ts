import { createHash } from 'node:crypto';
import type { PromptAnswer, PromptRequest } from '../shared/prompt.ts';
import { accountOf, type Keychain, type SecretName } from './keychain.ts';
import { fingerprintOf } from './ssh/fingerprint.ts';
import { readKeyFile } from './ssh/private-key.ts';
import type { Prompter } from './ssh/prompter.ts';

/** A prompter for the connections to one host, told how each of them ended. */
export interface RememberingPrompter {
  readonly ask: Prompter;
  /** We are in: what a person gave was right, and is kept if they consent. Rejects when the keychain does not take it. */
  succeeded(): Promise<void>;
  /** The server did not let us in: a password out of the keychain was wrong. */
  refused(): Promise<void>;
}

interface Given {
  readonly name: SecretName;
  readonly secret: string;
  readonly from: 'keychain' | 'person';
  readonly request: PromptRequest;
}

/**
 * Answers questions for passphrases and passwords from the keychain, and asks a person for everything else. A secret that
 * proved wrong is deleted. A password that was given and never heard of again is not given twice: servers lock out who repeats.
 */
export function rememberingPrompter(
  prompter: Prompter,
  keychain: Keychain,
  consent: (request: PromptRequest) => Promise<boolean>,
  identify: (keyFile: string) => Promise<string | undefined> = keyIdentity,
): RememberingPrompter {
  const given = new Map<string, Given>();

  const ask: Prompter = async (request, signal) => {
    const name = await secretName(request, identify);
    if (name === undefined) return prompter(request, signal);
    const account = accountOf(name);
    const before = given.get(account);
    if (request.kind === 'passphrase' && request.wrongBefore) {
      given.delete(account);
      if (before?.from === 'keychain') await forget(name);
    } else if (request.kind === 'passphrase' || before?.from !== 'keychain') {
      const secret = await keychain.get(name);
      if (secret !== undefined) return give({ name, secret, from: 'keychain', request });
    }
    const answer = await prompter(request, signal);
    const secret = secretOf(answer);
    return secret === undefined ? answer : give({ name, secret, from: 'person', request });
  };
  const give = (one: Given): PromptAnswer => {
    given.set(accountOf(one.name), one);
    return answerOf(one);
  };
  /** What can't be deleted now is met again and asked for then. */
  const forget = (name: SecretName): Promise<void> => keychain.delete(name).catch(() => undefined);

  return {
    ask,
    async succeeded() {
      const fresh = [...given.values()].filter(({ from }) => from === 'person');
      given.clear();
      for (const { name, secret, request } of fresh) if (await consent(request)) await keychain.set(name, secret);
    },
    async refused() {
      const wrong = [...given.values()].filter(({ name, from }) => name.kind === 'password' && from === 'keychain');
      given.clear();
      for (const { name } of wrong) await forget(name);
    },
  };
}

/** What the question is about, as far as it can be kept: a password only where the question says for which port. */
async function secretName(
  request: PromptRequest,
  identify: (keyFile: string) => Promise<string | undefined>,
): Promise<SecretName | undefined> {
  if (request.kind === 'passphrase') {
    const fingerprint = await identify(request.keyFile);
    return fingerprint === undefined ? undefined : { kind: 'passphrase', keyFile: request.keyFile, fingerprint };
  }
  if (request.kind !== 'password' || !('port' in request) || typeof request.port !== 'number') return undefined;
  return { kind: 'password', user: request.user, host: request.host, port: request.port };
}

function secretOf(answer: PromptAnswer | undefined): string | undefined {
  if (answer?.kind === 'passphrase') return answer.passphrase;
  return answer?.kind === 'password' ? answer.password : undefined;
}

function answerOf({ name, secret, request: { hostId } }: Given): PromptAnswer {
  return name.kind === 'passphrase'
    ? { kind: 'passphrase', hostId, passphrase: secret }
    : { kind: 'password', hostId, password: secret };
}

/** The fingerprint of the key in a file; of the file itself where its public half can't be seen. */
async function keyIdentity(keyFile: string): Promise<string | undefined> {
  try {
    const { publicKey, text } = await readKeyFile(keyFile);
    return publicKey === undefined
      ? `file:${createHash('sha256').update(text).digest('base64')}`
      : fingerprintOf(publicKey);
  } catch {
    return undefined;
  }
}
