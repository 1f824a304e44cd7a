import type { PromptRequest } from '../shared/prompt.ts';
import type { Logger } from './base/logger.ts';
import type { Keychain } from './keychain.ts';
import { rememberingPrompter } from './remembering-prompter.ts';
import type { Connect } from './ssh/connection.ts';
import type { Prompter } from './ssh/prompter.ts';

/** The secrets of one host: asked for, or taken from the keychain, and kept there where the person says so. */
export interface HostSecrets {
  readonly ask: Prompter;
  /** Tells how each attempt ended, so that what was right is kept and what was wrong is forgotten. */
  learningFrom(connect: Connect): Connect;
}

/** A keychain that may turn out not to be there. */
export interface LazyKeychain extends Keychain {
  available(): Promise<boolean>;
}

export function hostSecrets(prompter: Prompter, keychain: LazyKeychain, log: Logger): HostSecrets {
  const toKeep = new WeakSet<PromptRequest>();
  const asking: Prompter = async (request, signal) => {
    const isSecret = request.kind === 'passphrase' || request.kind === 'password';
    const canRemember = isSecret && (await keychain.available());
    const answer = await prompter(canRemember ? { ...request, canRemember } : request, signal);
    if (answer !== undefined && 'remember' in answer && answer.remember === true) toKeep.add(request);
    return answer;
  };
  const secrets = rememberingPrompter(asking, keychain, (request) => Promise.resolve(toKeep.has(request)));
  const note = (error: unknown): void => log.warn('keychain', { error: String(error) });
  return {
    ask: secrets.ask,
    learningFrom: (connect) => async (attempt) => {
      try {
        const link = await connect(attempt);
        secrets.succeeded().catch(note);
        return link;
      } catch (error) {
        if (!attempt.signal.aborted) secrets.refused().catch(note);
        throw error;
      }
    },
  };
}

/** The system's keychain, opened when the first secret is asked for. Without one every secret is asked for each time. */
export function lazyKeychain(
  open: () => Promise<Keychain | { readonly unavailable: string }>,
  log: Logger,
): LazyKeychain {
  let opening: Promise<Keychain | undefined> | undefined;
  const keychain = (): Promise<Keychain | undefined> => {
    opening ??= open()
      .catch((error: unknown) => ({ unavailable: String(error) }))
      .then((opened) => {
        if (!('unavailable' in opened)) return opened;
        log.info('no keychain', { why: opened.unavailable });
        return undefined;
      });
    return opening;
  };
  return {
    available: async () => (await keychain()) !== undefined,
    get: async (name) => (await keychain())?.get(name),
    set: async (name, secret) => (await keychain())?.set(name, secret),
    delete: async (name) => (await keychain())?.delete(name),
  };
}
