import { createHash } from 'node:crypto';
import { keyTypeOf, readStrings } from './key-blob.ts';

/** `SHA256:…` without padding, as ssh prints it. */
export function fingerprintOf(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

const width = 17;
const height = 9;
const symbols = ' .o+=*BOX@%&#/^SE';

/** The picture of a key that `ssh-keygen -lv` draws: a walk over a field, steered by the fingerprint's bits. */
export function randomartOf(key: Buffer): string[] {
  const field = Array.from({ length: height }, () => new Array<number>(width).fill(0));
  const most = symbols.length - 3;
  let x = (width - 1) / 2;
  let y = (height - 1) / 2;
  for (const byte of createHash('sha256').update(key).digest()) {
    for (let bits = byte, step = 0; step < 4; step += 1, bits >>= 2) {
      x = clamp(x + (bits & 1 ? 1 : -1), width - 1);
      y = clamp(y + (bits & 2 ? 1 : -1), height - 1);
      const row = field[y];
      if (row !== undefined) row[x] = Math.min((row[x] ?? 0) + 1, most);
    }
  }
  const start = field[(height - 1) / 2];
  if (start !== undefined) start[(width - 1) / 2] = symbols.length - 2;
  const end = field[y];
  if (end !== undefined) end[x] = symbols.length - 1;
  const rows = field.map((row) => `|${row.map((count) => symbols[count] ?? ' ').join('')}|`);
  return [border(titleOf(key)), ...rows, border('[SHA256]')];
}

function clamp(value: number, most: number): number {
  return Math.max(0, Math.min(most, value));
}

function border(title: string): string {
  const left = Math.floor((width - title.length) / 2);
  return `+${'-'.repeat(left)}${title}${'-'.repeat(width - left - title.length)}+`;
}

function titleOf(key: Buffer): string {
  const name = shortNameOf(keyTypeOf(key) ?? '');
  const full = `[${name} ${bitsOf(key)}]`;
  return full.length <= width ? full : `[${name}]`;
}

/** The name ssh gives a key type in messages: ED25519, RSA, ECDSA … */
export function shortNameOf(keyType: string): string {
  const base = keyType.replace(/@openssh\.com$/, '').replace(/^(sk-)?(ssh-)?/, '');
  const name = base.startsWith('ecdsa') ? 'ECDSA' : base === 'dss' ? 'DSA' : base.toUpperCase();
  return keyType.startsWith('sk-') ? `${name}-SK` : name;
}

function bitsOf(key: Buffer): number {
  const fields = readStrings(key) ?? [];
  const type = fields[0]?.toString('latin1') ?? '';
  if (type === 'ssh-rsa') return bitLength(fields[2]);
  if (type === 'ssh-dss') return bitLength(fields[1]);
  return Number(/nistp(\d+)/.exec(type)?.[1] ?? 256);
}

function bitLength(number: Buffer | undefined): number {
  return number === undefined ? 0 : BigInt(`0x${number.toString('hex') || '0'}`).toString(2).length;
}
