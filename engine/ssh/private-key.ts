import { createPrivateKey, sign, type KeyObject } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import { FailureError } from '../../shared/failure.ts';
import { keyTypeOf } from './key-blob.ts';
import { inspectKeyText, parseKeyMaterial, type KeyMaterial, type KeyParse, type KeyText } from './key-material.ts';

export type SignatureHash = 'sha1' | 'sha256' | 'sha512';

/** A private key that is ready to sign. */
export interface PrivateKey {
  /** The public half as SSH writes it. */
  readonly publicKey: Buffer;
  /** Signs in the form ssh2 takes (DER for ECDSA); `hash` matters for RSA only. */
  sign(data: Buffer, hash?: SignatureHash): Buffer;
}

/** A key file as read, before anybody was asked for its passphrase. */
export interface KeyFile {
  readonly path: string;
  readonly text: string;
  readonly encrypted: boolean;
  /** From the file itself or from the .pub beside it; undefined when neither tells. */
  readonly publicKey: Buffer | undefined;
  /** A sentence when others can read the file: OpenSSH would refuse it. */
  readonly warning: string | undefined;
}

/** Reads a private key file. Throws `key-unreadable`, or `key-format-unsupported` for what can never work. */
export async function readKeyFile(path: string): Promise<KeyFile> {
  const [text, status] = await Promise.all([readFile(path, 'latin1'), stat(path)]).catch((cause: unknown) => {
    const reason = (cause as NodeJS.ErrnoException).code ?? 'unknown reason';
    throw new FailureError(
      {
        code: 'key-unreadable',
        message: `The key ${path} can't be read (${reason}).`,
        hint: reason === 'ENOENT' ? 'Check the path after -i or IdentityFile.' : `Make it yours: chmod 600 ${path}`,
      },
      { cause },
    );
  });
  const inspected = inspectKeyText(text);
  refuseUnsupported(path, inspected);
  const exposed = process.platform !== 'win32' && (status.mode & 0o077) !== 0;
  return {
    path,
    text,
    encrypted: inspected.kind !== 'unknown' && inspected.encrypted,
    publicKey: inspected.kind === 'openssh' ? inspected.publicKey : await readPublicKey(`${path}.pub`),
    warning: exposed ? `Others can read the key ${path}, ssh would refuse it: chmod 600 ${path}` : undefined,
  };
}

/** The public key of a .pub file, or undefined when there is none that can be read. */
export async function readPublicKey(path: string): Promise<Buffer | undefined> {
  const text = await readFile(path, 'latin1').catch(() => '');
  const [keyType, base64 = ''] = text.trim().split(/[ \t]+/);
  const key = Buffer.from(base64, 'base64');
  return keyType !== undefined && keyTypeOf(key) === keyType ? key : undefined;
}

function refuseUnsupported(path: string, inspected: KeyText): void {
  if (inspected.kind === 'unknown') throw unsupported(path, 'it is not a private key in a known format');
  if (inspected.kind !== 'openssh') return;
  if (keyTypeOf(inspected.publicKey)?.startsWith('sk-')) {
    throw unsupported(path, 'it lives in a hardware token', 'Connect to this host with another key.');
  }
  if (inspected.cipher.startsWith('chacha20')) throw unsupported(path, `it is encrypted with ${inspected.cipher}`);
}

function unsupported(path: string, reason: string, hint?: string): FailureError {
  return new FailureError({
    code: 'key-format-unsupported',
    message: `The key ${path} can't be used: ${reason}.`,
    hint: hint ?? `Rewrite it in OpenSSH's format (it asks for the passphrase): ssh-keygen -p -Z aes256-ctr -f ${path}`,
  });
}

/**
 * A key that can sign, from its text. An encrypted one is parsed in a worker.
 * Throws `key-passphrase-needed`, `key-passphrase-wrong` or `key-format-unsupported`; `name` is what messages call it.
 */
export async function openPrivateKey(
  name: string,
  text: string,
  options: { passphrase?: string; signal?: AbortSignal } = {},
): Promise<PrivateKey> {
  const { passphrase, signal } = options;
  const inspected = inspectKeyText(text);
  const encrypted = inspected.kind !== 'unknown' && inspected.encrypted;
  if (encrypted && passphrase === undefined) throw passphraseNeeded(name);
  const parsed =
    encrypted && passphrase !== undefined ? await parseInWorker(text, passphrase, signal) : parseKeyMaterial(text);
  switch (parsed.kind) {
    case 'parsed':
      return signerOf(parsed.material);
    case 'wrong-passphrase':
      throw passphraseWrong(name);
    case 'unsupported':
      throw unsupported(name, parsed.reason);
  }
}

export function passphraseNeeded(name: string): FailureError {
  return new FailureError({
    code: 'key-passphrase-needed',
    message: `The key ${name} is encrypted, and nobody was there to give its passphrase.`,
    hint: `Load it into the agent before: ssh-add ${name}`,
  });
}

function passphraseWrong(name: string): FailureError {
  return new FailureError({
    code: 'key-passphrase-wrong',
    message: `The passphrase does not open the key ${name}.`,
    hint: `Try again, or check it with: ssh-keygen -y -f ${name}`,
  });
}

/** Source files run as they are; a bundle has the worker beside it as JavaScript. */
const workerFile = new URL(import.meta.url.endsWith('.ts') ? './key-worker.ts' : './key-worker.js', import.meta.url);

function parseInWorker(text: string, passphrase: string, signal?: AbortSignal): Promise<KeyParse> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const worker = new Worker(workerFile, { workerData: { text, passphrase } });
    const settle = (finish: () => void): void => {
      signal?.removeEventListener('abort', onAbort);
      void worker.terminate().then(finish, finish); // it has said all it will ever say
    };
    const onAbort = (): void => settle(() => reject(signal?.reason as Error));
    signal?.addEventListener('abort', onAbort, { once: true });
    worker.once('message', (parse: KeyParse) => settle(() => resolve(withBuffer(parse))));
    worker.once('error', (error) => settle(() => reject(error as Error)));
  });
}

/** A Buffer arrives from a worker as a plain Uint8Array. */
function withBuffer(parse: KeyParse): KeyParse {
  if (parse.kind !== 'parsed') return parse;
  return { kind: 'parsed', material: { ...parse.material, publicKey: Buffer.from(parse.material.publicKey) } };
}

function signerOf(material: KeyMaterial): PrivateKey {
  const key = createPrivateKey(material.pem);
  return { publicKey: material.publicKey, sign: (data, hash) => sign(digestFor(key, hash), data, key) };
}

/** The digest RFC 5656 and RFC 8332 pair with the key; Ed25519 brings its own. */
function digestFor(key: KeyObject, hash: SignatureHash | undefined): string | null {
  if (key.asymmetricKeyType === 'ed25519') return null;
  if (key.asymmetricKeyType !== 'ec') return hash ?? 'sha1';
  const curve = key.asymmetricKeyDetails?.namedCurve;
  return curve === 'secp521r1' ? 'sha512' : curve === 'secp384r1' ? 'sha384' : 'sha256';
}
