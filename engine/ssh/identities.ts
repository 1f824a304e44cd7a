import type { ParsedKey } from 'ssh2';
import { FailureError } from '../../shared/failure.ts';
import type { Clock } from '../base/clock.ts';
import { listAgentKeys, type AgentKey } from './agent.ts';
import { parsePublicKey, type Identity } from './identity.ts';
import {
  openPrivateKey,
  passphraseNeeded,
  readKeyFile,
  readPublicKey,
  type KeyFile,
  type PrivateKey,
} from './private-key.ts';
import type { Prompter } from './prompter.ts';

export interface IdentitySources {
  readonly hostId: string;
  /** Key files in ssh_config's order; `configured` tells the user's own from ssh's defaults, which may be missing. */
  readonly files: readonly { readonly path: string; readonly configured: boolean }[];
  /** Keys as text, tried before all others. */
  readonly keyTexts: readonly string[];
  readonly agentSocket: string | undefined;
  readonly identitiesOnly: boolean;
  readonly prompter: Prompter;
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

/** Everything there is to offer, and a sentence for each thing that could not be used. */
export interface Identities {
  readonly identities: readonly Identity[];
  readonly problems: readonly string[];
}

const passphraseAttempts = 3;

/** Collects the keys in ssh's order: the agent's keys that are configured, its other keys, then the remaining files. */
export async function collectIdentities(sources: IdentitySources): Promise<Identities> {
  const problems: string[] = [];
  const note = (error: unknown): void => void problems.push(wordsOf(error));
  const agentKeys = await agentKeysOf(sources).catch((error: unknown) => {
    problems.push(`The agent at ${sources.agentSocket} does not answer: ${wordsOf(error)}.`);
    return [];
  });
  const files: { path: string; publicKey: Buffer | undefined; file: KeyFile | undefined }[] = [];
  for (const { path, configured } of sources.files) {
    const file = await readKeyFile(path).catch((error: unknown) => {
      if (configured || !isMissing(error)) note(error);
      return undefined;
    });
    if (file?.warning !== undefined) problems.push(file.warning);
    files.push({ path, file, publicKey: file?.publicKey ?? (await publicKeyNear(path)) });
  }
  const inAgent = (blob: Buffer | undefined): AgentKey | undefined =>
    blob && agentKeys.find(({ key }) => key.getPublicSSH().equals(blob));
  const first = files.flatMap(({ publicKey }) => inAgent(publicKey) ?? []);
  const others = sources.identitiesOnly ? [] : agentKeys.filter((key) => !first.includes(key));
  const remaining = files.flatMap(({ file, publicKey }) =>
    file === undefined || inAgent(publicKey) !== undefined ? [] : [fileIdentity({ ...file, publicKey }, sources)],
  );
  const texts = sources.keyTexts.map(textIdentity);
  return { identities: [...texts, ...[...first, ...others].map(agentIdentity), ...remaining], problems };
}

function agentKeysOf({ agentSocket, clock, signal }: IdentitySources): Promise<AgentKey[]> {
  return agentSocket === undefined ? Promise.resolve([]) : listAgentKeys(agentSocket, clock, signal);
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function isMissing(error: unknown): boolean {
  return (
    error instanceof Error && error.cause instanceof Error && 'code' in error.cause && error.cause.code === 'ENOENT'
  );
}

/** IdentityFile may name a .pub, or a private key that lives only in the agent beside its .pub. */
async function publicKeyNear(path: string): Promise<Buffer | undefined> {
  return (await readPublicKey(path)) ?? (await readPublicKey(`${path}.pub`));
}

function agentIdentity(held: AgentKey): Identity {
  const { key } = held;
  return {
    origin: 'agent',
    name: key.comment || key.type,
    publicKey: () => Promise.resolve(key),
    sign: (data, hash) =>
      held.sign(data, hash).catch((error: unknown) => {
        throw new Error(`The agent did not sign with ${key.comment || key.type}: ${wordsOf(error)}.`, { cause: error });
      }),
  };
}

function textIdentity(text: string): Identity {
  const opened = once(() => openPrivateKey('given as text', text));
  return {
    origin: 'memory',
    name: 'given as text',
    publicKey: async () => parsePublicKey((await opened()).publicKey),
    sign: async (data, hash) => (await opened()).sign(data, hash),
  };
}

function fileIdentity(file: KeyFile, sources: IdentitySources): Identity {
  const opened = once(() => openKeyFile(file, sources));
  const publicKey = async (): Promise<ParsedKey | undefined> =>
    parsePublicKey(file.publicKey ?? (await opened()).publicKey);
  return { origin: 'file', name: file.path, publicKey, sign: async (data, hash) => (await opened()).sign(data, hash) };
}

/** Opens a key file, asking for its passphrase up to three times: a wrong one costs nothing at the server. */
async function openKeyFile(file: KeyFile, { hostId, prompter, signal }: IdentitySources): Promise<PrivateKey> {
  if (!file.encrypted) return openPrivateKey(file.path, file.text);
  for (let attempt = 1; ; attempt += 1) {
    const request = { kind: 'passphrase', hostId, keyFile: file.path, wrongBefore: attempt > 1 } as const;
    const answer = await prompter(request, signal);
    if (answer?.kind !== 'passphrase') throw passphraseNeeded(file.path);
    try {
      return await openPrivateKey(file.path, file.text, { passphrase: answer.passphrase, signal });
    } catch (error) {
      const again =
        error instanceof FailureError && error.code === 'key-passphrase-wrong' && attempt < passphraseAttempts;
      if (!again) throw error;
    }
  }
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
