import { createHmac, timingSafeEqual } from 'node:crypto';
import { fingerprintOf } from './fingerprint.ts';
import { keyTypeOf } from './key-blob.ts';
import { matchesPatternList } from './pattern.ts';

/** Where a line stands, as messages quote it. */
export interface Place {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
}

export interface KnownHost extends Place {
  readonly marker: 'none' | 'revoked' | 'cert-authority';
  /** The host field as written: patterns separated by commas, or one hashed name. */
  readonly hosts: string;
  readonly keyType: string;
  readonly key: Buffer;
}

/** The names under which ssh looks a host up. */
export interface HostKeyNames {
  readonly name: string;
  /** The name without its port: a key stored there is good too, as ssh has it, but never makes one "changed". */
  readonly withoutPort?: string;
}

export type HostKeyVerdict =
  | { readonly kind: 'trusted'; readonly at: Place }
  | { readonly kind: 'unknown'; readonly knownAs: readonly string[]; readonly certAuthority?: Place }
  | { readonly kind: 'changed'; readonly stored: readonly StoredKey[] }
  | { readonly kind: 'revoked'; readonly at: Place };

export interface StoredKey extends Place {
  readonly keyType: string;
  readonly fingerprint: string;
}

/** The entries of a known_hosts file in order. Comments, blank and broken lines are passed over, as ssh does. */
export function parseKnownHosts(text: string, file: string): KnownHost[] {
  return text.split('\n').flatMap((line, index) => {
    const entry = parseLine(line.replace(/\r$/, ''), { file, line: index + 1 });
    return entry === undefined ? [] : [entry];
  });
}

function parseLine(line: string, place: Place): KnownHost | undefined {
  const trimmed = line.replace(/^[ \t]+/, '');
  if (trimmed === '' || trimmed.startsWith('#')) return undefined;
  const words = trimmed.split(/[ \t]+/);
  const marker = words[0]?.startsWith('@') ? words.shift() : undefined;
  if (marker !== undefined && marker !== '@revoked' && marker !== '@cert-authority') return undefined;
  const [hosts = '', keyType = '', base64 = ''] = words;
  if (hosts === '' || hosts.startsWith('@') || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return undefined;
  const key = Buffer.from(base64, 'base64');
  if (keyTypeOf(key) !== keyType) return undefined;
  const kind = marker === undefined ? 'none' : marker === '@revoked' ? 'revoked' : 'cert-authority';
  return { ...place, marker: kind, hosts, keyType, key };
}

/** Whether an entry speaks of this name: hashed names by HMAC-SHA1, plain ones by pattern and without case. */
export function isNamed(entry: KnownHost, name: string): boolean {
  if (!entry.hosts.startsWith('|')) {
    return matchesPatternList(name.toLowerCase(), entry.hosts.toLowerCase().split(','));
  }
  const [, version, salt, hash, ...more] = entry.hosts.split('|');
  if (version !== '1' || salt === undefined || hash === undefined || more.length > 0) return false;
  const stored = Buffer.from(hash, 'base64');
  const own = createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest();
  return stored.length === own.length && timingSafeEqual(stored, own);
}

export function hostKeyNames(host: { hostName: string; port: number; hostKeyAlias?: string }): HostKeyNames {
  if (host.hostKeyAlias !== undefined) return { name: host.hostKeyAlias };
  const hostName = host.hostName.toLowerCase();
  return host.port === 22 ? { name: hostName } : { name: `[${hostName}]:${host.port}`, withoutPort: hostName };
}

/**
 * What ssh would say of this key (measured against OpenSSH 9.2): revoked beats all; the same key is trusted; any other
 * plain key of the host, whatever its type, makes it changed. Authorities vouch for certificates only, never for a key.
 */
export function judgeHostKey(entries: readonly KnownHost[], names: HostKeyNames, key: Buffer): HostKeyVerdict {
  const named = entries.filter((entry) => isNamed(entry, names.name));
  const portless = entries.filter((entry) => names.withoutPort !== undefined && isNamed(entry, names.withoutPort));
  const same = (entry: KnownHost): boolean => entry.key.equals(key);
  const revoked = [...named, ...portless].find((entry) => entry.marker === 'revoked' && same(entry));
  if (revoked !== undefined) return { kind: 'revoked', at: placeOf(revoked) };
  const plain = named.filter((entry) => entry.marker === 'none');
  const trusted = plain.find(same);
  if (trusted !== undefined) return { kind: 'trusted', at: placeOf(trusted) };
  if (plain.length > 0) return { kind: 'changed', stored: plain.map(storedKey) };
  const trustedPortless = portless.find((entry) => entry.marker === 'none' && same(entry));
  if (trustedPortless !== undefined) return { kind: 'trusted', at: placeOf(trustedPortless) };
  const authority = named.find((entry) => entry.marker === 'cert-authority');
  return {
    kind: 'unknown',
    knownAs: entries.filter((entry) => entry.marker === 'none' && same(entry)).map(nameOf),
    ...(authority === undefined ? {} : { certAuthority: placeOf(authority) }),
  };
}

/** The types of the keys stored for a host, to be asked for first: another type would look like a changed key. */
export function storedKeyTypes(entries: readonly KnownHost[], names: HostKeyNames): string[] {
  const plain = entries.filter((entry) => entry.marker === 'none');
  const named = plain.filter((entry) => isNamed(entry, names.name));
  const { withoutPort } = names;
  const found =
    named.length > 0 || withoutPort === undefined ? named : plain.filter((entry) => isNamed(entry, withoutPort));
  return [...new Set(found.map((entry) => entry.keyType))];
}

function placeOf({ file, line }: Place): Place {
  return { file, line };
}

function storedKey(entry: KnownHost): StoredKey {
  return { ...placeOf(entry), keyType: entry.keyType, fingerprint: fingerprintOf(entry.key) };
}

function nameOf(entry: KnownHost): string {
  return entry.hosts.startsWith('|') ? `a hashed name (${entry.file}:${entry.line})` : entry.hosts;
}
