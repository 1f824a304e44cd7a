import { FailureError } from '../../shared/failure.ts';
import { fingerprintOf, randomartOf, shortNameOf } from './fingerprint.ts';
import { keyTypeOf } from './key-blob.ts';
import { appendHostKey, readKnownHosts } from './known-hosts-file.ts';
import { hostKeyNames, judgeHostKey, type HostKeyVerdict, type StoredKey } from './known-hosts.ts';
import type { Prompter } from './prompter.ts';

export interface HostKeyOptions {
  readonly hostId: string;
  /** The name and port ssh knows the host by, after ssh_config. */
  readonly hostName: string;
  readonly port: number;
  readonly hostKeyAlias?: string;
  /** The address that was dialled, for the question. */
  readonly address?: string;
  /** The first is the one that is written to. */
  readonly userKnownHostsFiles: readonly string[];
  readonly globalKnownHostsFiles: readonly string[];
  /** What to do with a key nobody knows. A changed or revoked key stops in every case. */
  readonly unknownKey: 'ask' | 'accept-new' | 'refuse';
  readonly prompter: Prompter;
  readonly signal: AbortSignal;
}

type Unknown = HostKeyVerdict & { readonly kind: 'unknown' };

/** Decides whether a server's key is to be trusted, and keeps why: ssh2 only says "verification failed". */
export class HostKeyCheck {
  readonly #options: HostKeyOptions;
  #failure: FailureError | undefined;
  #accepted: { fingerprint: string; added: boolean } | undefined;

  constructor(options: HostKeyOptions) {
    this.#options = options;
  }

  /** Why the key was refused, once it was. */
  get failure(): FailureError | undefined {
    return this.#failure;
  }

  /** The key that was accepted; `added` when it was new and is now remembered. */
  get accepted(): { readonly fingerprint: string; readonly added: boolean } | undefined {
    return this.#accepted;
  }

  /** For ssh2's `hostVerifier`: calls back exactly once. */
  readonly verify = (key: Buffer, verified: (valid: boolean) => void): void => {
    void this.#decide(key).then(
      (added) => {
        this.#accepted = { fingerprint: fingerprintOf(key), added };
        verified(true);
      },
      (error: unknown) => {
        this.#failure = asFailure(error);
        verified(false);
      },
    );
  };

  async #decide(key: Buffer): Promise<boolean> {
    const { userKnownHostsFiles, globalKnownHostsFiles } = this.#options;
    const names = hostKeyNames(this.#options);
    const entries = await readKnownHosts([...userKnownHostsFiles, ...globalKnownHostsFiles]);
    const verdict = judgeHostKey(entries, names, key);
    switch (verdict.kind) {
      case 'trusted':
        return false;
      case 'changed':
        throw changedFailure(names.name, key, verdict.stored);
      case 'revoked':
        throw revokedFailure(names.name, key, verdict.at);
      case 'unknown':
        await this.#meetUnknown(names.name, key, verdict);
        return true;
    }
  }

  async #meetUnknown(name: string, key: Buffer, verdict: Unknown): Promise<void> {
    const { unknownKey, userKnownHostsFiles } = this.#options;
    const accepted = unknownKey === 'accept-new' || (unknownKey === 'ask' && (await this.#ask(name, key, verdict)));
    if (!accepted) throw unknownFailure(name, key, verdict.certAuthority !== undefined);
    const [file] = userKnownHostsFiles;
    if (file !== undefined) await appendHostKey(file, name, keyTypeOf(key) ?? 'unknown', key);
  }

  async #ask(name: string, key: Buffer, { knownAs, certAuthority }: Unknown): Promise<boolean> {
    const { hostId, port, address, prompter, signal } = this.#options;
    const answer = await prompter(
      {
        kind: 'host-key',
        hostId,
        host: name,
        port,
        ...(address === undefined ? {} : { address }),
        keyType: keyTypeOf(key) ?? 'unknown',
        fingerprint: fingerprintOf(key),
        randomart: randomartOf(key),
        knownAs: [...knownAs],
        ...(certAuthority === undefined ? {} : { authority: `${certAuthority.file}:${certAuthority.line}` }),
      },
      signal,
    );
    return answer?.kind === 'host-key' && answer.accept;
  }
}

function asFailure(error: unknown): FailureError {
  if (error instanceof FailureError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new FailureError(
    { code: 'host-key-unchecked', message: `The host key could not be checked: ${reason}` },
    { cause: error },
  );
}

function describe(key: Buffer): string {
  return `${shortNameOf(keyTypeOf(key) ?? 'unknown')} key ${fingerprintOf(key)}`;
}

function unknownFailure(name: string, key: Buffer, hasAuthority: boolean): FailureError {
  const note = hasAuthority
    ? ' A certificate authority is stored for it, but host certificates are not understood here.'
    : '';
  return new FailureError({
    code: 'host-key-unknown',
    message: `The host ${name} is not known: it showed the ${describe(key)}.${note}`,
    hint: 'Compare the fingerprint with the one its owner gives you, then accept it when asked, or run with --accept-new.',
  });
}

function changedFailure(name: string, key: Buffer, stored: readonly StoredKey[]): FailureError {
  const known = stored.map((s) => `${shortNameOf(s.keyType)} key ${s.fingerprint} (${s.file}:${s.line})`).join(', ');
  const files = [...new Set(stored.map((s) => s.file))];
  const commands = files.map((file) => `ssh-keygen -f ${quoted(file)} -R ${quoted(name)}`).join(' && ');
  return new FailureError({
    code: 'host-key-changed',
    message: `The key of ${name} has changed: known is the ${known}, it now shows the ${describe(key)}. Somebody may be in between.`,
    hint: `If its owner confirms the new key, forget the old one: ${commands}`,
  });
}

function revokedFailure(name: string, key: Buffer, at: { file: string; line: number }): FailureError {
  return new FailureError({
    code: 'host-key-revoked',
    message: `${name} shows the ${describe(key)}, which ${at.file}:${at.line} marks as revoked.`,
    hint: 'Do not connect: the key is in the wrong hands. Ask the owner of the host for a new host key.',
  });
}

/** Quoted for a POSIX shell, so that the command can be pasted as it stands. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
