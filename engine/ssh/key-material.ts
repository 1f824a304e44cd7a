import { createPrivateKey, type KeyObject } from 'node:crypto';
import ssh2 from 'ssh2';
import { joinStrings, readStrings } from './key-blob.ts';

/** What can be told from a private key's text without its passphrase. */
export type KeyText =
  | { readonly kind: 'openssh'; readonly encrypted: boolean; readonly cipher: string; readonly publicKey: Buffer }
  | { readonly kind: 'pem'; readonly encrypted: boolean }
  | { readonly kind: 'putty'; readonly encrypted: boolean }
  | { readonly kind: 'unknown' };

/** A private key without its passphrase: PEM that node:crypto reads, and the public half as SSH writes it. */
export interface KeyMaterial {
  readonly pem: string;
  readonly publicKey: Buffer;
}

export type KeyParse =
  | { readonly kind: 'parsed'; readonly material: KeyMaterial }
  | { readonly kind: 'wrong-passphrase' }
  | { readonly kind: 'unsupported'; readonly reason: string };

export function inspectKeyText(text: string): KeyText {
  const label = /^-----BEGIN ([A-Z0-9 ]*)PRIVATE KEY-----/m.exec(text)?.[1]?.trim();
  if (label === 'OPENSSH') return inspectOpenSsh(text);
  if (label !== undefined)
    return { kind: 'pem', encrypted: label === 'ENCRYPTED' || /^Proc-Type: 4,ENCRYPTED/m.test(text) };
  if (/^PuTTY-User-Key-File-\d+:/.test(text)) return { kind: 'putty', encrypted: !/^Encryption: none/m.test(text) };
  return { kind: 'unknown' };
}

const openSshMagic = 'openssh-key-v1\0';

function inspectOpenSsh(text: string): KeyText {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([^-]*)-----END/.exec(text)?.[1] ?? '';
  const bytes = Buffer.from(body, 'base64');
  const header = readStrings(bytes.subarray(openSshMagic.length), 3);
  const [cipher, kdf, kdfOptions] = header ?? [];
  if (bytes.toString('latin1', 0, openSshMagic.length) !== openSshMagic || !cipher || !kdf || !kdfOptions) {
    return { kind: 'unknown' };
  }
  const afterHeader = openSshMagic.length + 12 + cipher.length + kdf.length + kdfOptions.length;
  const [publicKey] = readStrings(bytes.subarray(afterHeader + 4), 1) ?? [];
  if (publicKey === undefined) return { kind: 'unknown' };
  const name = cipher.toString('latin1');
  return { kind: 'openssh', encrypted: name !== 'none', cipher: name, publicKey };
}

/** Decrypts and parses a private key of any format ssh reads. Slow (bcrypt) for an encrypted one: see private-key.ts. */
export function parseKeyMaterial(text: string, passphrase?: string): KeyParse {
  const inspected = inspectKeyText(text);
  if (inspected.kind === 'unknown') return { kind: 'unsupported', reason: 'it is not a private key in a known format' };
  try {
    return inspected.kind === 'pem' ? parsePem(text, passphrase) : parseBySsh2(text, passphrase);
  } catch (error) {
    if (inspected.encrypted) return { kind: 'wrong-passphrase' };
    return { kind: 'unsupported', reason: error instanceof Error ? error.message : String(error) };
  }
}

function parsePem(text: string, passphrase: string | undefined): KeyParse {
  const key = createPrivateKey({ key: text, ...(passphrase === undefined ? {} : { passphrase }) });
  return {
    kind: 'parsed',
    material: { pem: key.export({ type: 'pkcs8', format: 'pem' }).toString(), publicKey: sshPublicKey(key) },
  };
}

function parseBySsh2(text: string, passphrase: string | undefined): KeyParse {
  const parsed = ssh2.utils.parseKey(text, passphrase);
  if (parsed instanceof Error) {
    if (/integrity check failed/.test(parsed.message)) return { kind: 'wrong-passphrase' };
    return { kind: 'unsupported', reason: parsed.message };
  }
  return { kind: 'parsed', material: { pem: parsed.getPrivatePEM(), publicKey: parsed.getPublicSSH() } };
}

const curves: Readonly<Record<string, string>> = { 'P-256': 'nistp256', 'P-384': 'nistp384', 'P-521': 'nistp521' };

function sshPublicKey(key: KeyObject): Buffer {
  const jwk = key.export({ format: 'jwk' });
  const bytes = (value: string | undefined): Buffer => Buffer.from(value ?? '', 'base64url');
  if (jwk.kty === 'RSA') return joinStrings(['ssh-rsa', signed(bytes(jwk.e)), signed(bytes(jwk.n))]);
  if (jwk.kty === 'OKP' && jwk.crv === 'Ed25519') return joinStrings(['ssh-ed25519', bytes(jwk.x)]);
  const curve = jwk.kty === 'EC' ? curves[jwk.crv ?? ''] : undefined;
  if (curve === undefined) throw new Error(`ssh knows no keys of the kind ${jwk.crv ?? jwk.kty ?? 'unknown'}`);
  return joinStrings([`ecdsa-sha2-${curve}`, curve, Buffer.concat([Buffer.from([4]), bytes(jwk.x), bytes(jwk.y)])]);
}

/** As SSH writes a positive number: a leading zero where the first bit would mean a sign. */
function signed(magnitude: Buffer): Buffer {
  return (magnitude[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), magnitude]) : magnitude;
}
