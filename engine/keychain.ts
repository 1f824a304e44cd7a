import type { AsyncEntry } from 'keytar';
import { FailureError } from '../shared/failure.ts';
import { withTimeout, type Clock } from './base/clock.ts';

/** What a secret opens: a key file, named by the key in it so that another key at the same path is another secret; a login. */
export type SecretName =
  | { readonly kind: 'passphrase'; readonly keyFile: string; readonly fingerprint: string }
  | { readonly kind: 'password'; readonly user: string; readonly host: string; readonly port: number };

/** The keychain of the system: macOS Keychain, a Secret Service (GNOME Keyring, KWallet), Windows' Credential Manager. */
export interface Keychain {
  /** Undefined when there is none of that name, and when the keychain is closed to us: then a person is asked. */
  get(name: SecretName): Promise<string | undefined>;
  /** Rejects with `keychain-failed`. */
  set(name: SecretName, secret: string): Promise<void>;
  /** No matter if there is none. Rejects with `keychain-failed`. */
  delete(name: SecretName): Promise<void>;
}

export interface KeychainOptions {
  readonly clock: Clock;
  readonly platform?: NodeJS.Platform;
  /** The library, which may be missing: it is an optional dependency with a binary for each platform. */
  readonly load?: () => Promise<{ AsyncEntry: typeof AsyncEntry }>;
}

const service = 'towline';
/** A keychain that asks its owner to unlock it needs time; one that hangs shall not keep us for good. */
const answerMs = 60_000;

/**
 * Opens the system's keychain, or says in a sentence why there is none. Secrets go there and nowhere else: the library is
 * bound to the Secret Service, as it would take the kernel's key ring otherwise, which forgets and which others may read.
 */
export async function openKeychain(options: KeychainOptions): Promise<Keychain | { readonly unavailable: string }> {
  const { clock, platform = process.platform, load = () => import('keytar') } = options;
  const library = await load().catch(() => undefined);
  if (library === undefined) return { unavailable: 'This build of Towline has no keychain support for this system.' };
  const entry = (account: string): AsyncEntry =>
    new library.AsyncEntry(service, account, { linux: { store: 'secret-service' } });
  const inTime = <T>(work: () => Promise<T>): Promise<T> =>
    withTimeout(clock, answerMs, work(), () => new Error('the keychain does not answer'));
  try {
    await inTime(() => entry('are you there?').getPassword());
  } catch (error) {
    return { unavailable: whyNot(platform, error) };
  }
  const change = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await inTime(work);
    } catch (cause) {
      throw new FailureError(
        {
          code: 'keychain-failed',
          message: `The keychain did not take the change: ${messageOf(cause)}.`,
          hint: 'Unlock it, then connect again. Until then Towline asks each time.',
        },
        { cause },
      );
    }
  };
  return {
    get: (name) =>
      inTime(() => entry(accountOf(name)).getPassword()).then(
        (secret) => secret ?? undefined,
        () => undefined,
      ),
    set: (name, secret) => change(() => entry(accountOf(name)).setPassword(secret)),
    delete: (name) => change(() => entry(accountOf(name)).deletePassword()),
  };
}

/** What people read in their keychain's own window. */
export function accountOf(name: SecretName): string {
  if (name.kind === 'passphrase') return `passphrase ${name.keyFile} ${name.fingerprint}`;
  const host = name.host.includes(':') ? `[${name.host}]` : name.host;
  return `password ${name.user}@${host}:${name.port}`;
}

function whyNot(platform: NodeJS.Platform, error: unknown): string {
  if (platform !== 'linux') return `The keychain can't be used: ${messageOf(error)}.`;
  return 'There is no Secret Service here (GNOME Keyring, KWallet), or no D-Bus session to reach it: secrets are asked for each time.';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
