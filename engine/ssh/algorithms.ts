import type { CipherAlgorithm, KexAlgorithm, MacAlgorithm, ServerHostKeyAlgorithm } from 'ssh2';
import { FailureError } from '../../shared/failure.ts';
import { runtimeCrypto, type CryptoProbe } from './crypto-probe.ts';
import { matchesPatternList } from './pattern.ts';

/** What a user wishes, each in ssh_config's own syntax: `a,b`, `+a`, `-a*` or `^a`. */
export interface AlgorithmWishes {
  readonly ciphers?: string;
  readonly kexAlgorithms?: string;
  readonly hostKeyAlgorithms?: string;
  /** The types of the host's stored keys: asked for first, so that no other type looks like a changed key. */
  readonly storedKeyTypes?: readonly string[];
}

export interface AlgorithmChoice {
  /** For ssh2's `algorithms`: nothing in it makes ssh2 throw. */
  readonly algorithms: {
    kex: KexAlgorithm[];
    cipher: CipherAlgorithm[];
    serverHostKey: ServerHostKeyAlgorithm[];
    hmac: MacAlgorithm[];
  };
  /** What the user wished for and this runtime or ssh2 lacks. */
  readonly unsupported: readonly string[];
}

interface Known {
  readonly name: string;
  /** Used only when the user wishes it: weak or legacy. */
  readonly onWish?: true;
  readonly works: (probe: CryptoProbe) => boolean;
}

/** What ssh2 speaks, the fastest cipher first: AES-GCM is one pass, and hardware everywhere. */
const ciphers: readonly Known[] = [
  cipher('aes128-gcm@openssh.com', 'aes-128-gcm', 16, 12),
  cipher('aes256-gcm@openssh.com', 'aes-256-gcm', 32, 12),
  cipher('chacha20-poly1305@openssh.com', 'chacha20', 32, 16),
  cipher('aes128-ctr', 'aes-128-ctr', 16, 16),
  cipher('aes192-ctr', 'aes-192-ctr', 24, 16),
  cipher('aes256-ctr', 'aes-256-ctr', 32, 16),
  { ...cipher('aes128-cbc', 'aes-128-cbc', 16, 16), onWish: true },
  { ...cipher('aes192-cbc', 'aes-192-cbc', 24, 16), onWish: true },
  { ...cipher('aes256-cbc', 'aes-256-cbc', 32, 16), onWish: true },
  { ...cipher('3des-cbc', 'des-ede3-cbc', 24, 8), onWish: true },
];

const keyExchanges: readonly Known[] = [
  { name: 'curve25519-sha256', works: (p) => p.curve('x25519') && p.hash('sha256') },
  { name: 'curve25519-sha256@libssh.org', works: (p) => p.curve('x25519') && p.hash('sha256') },
  { name: 'ecdh-sha2-nistp256', works: (p) => p.curve('prime256v1') && p.hash('sha256') },
  { name: 'ecdh-sha2-nistp384', works: (p) => p.curve('secp384r1') && p.hash('sha384') },
  { name: 'ecdh-sha2-nistp521', works: (p) => p.curve('secp521r1') && p.hash('sha512') },
  { name: 'diffie-hellman-group-exchange-sha256', works: (p) => p.hash('sha256') },
  { name: 'diffie-hellman-group14-sha256', works: (p) => p.dhGroup('modp14') && p.hash('sha256') },
  { name: 'diffie-hellman-group15-sha512', works: (p) => p.dhGroup('modp15') && p.hash('sha512') },
  { name: 'diffie-hellman-group16-sha512', works: (p) => p.dhGroup('modp16') && p.hash('sha512') },
  { name: 'diffie-hellman-group17-sha512', works: (p) => p.dhGroup('modp17') && p.hash('sha512') },
  { name: 'diffie-hellman-group18-sha512', works: (p) => p.dhGroup('modp18') && p.hash('sha512') },
  { name: 'diffie-hellman-group-exchange-sha1', onWish: true, works: (p) => p.hash('sha1') },
  { name: 'diffie-hellman-group14-sha1', onWish: true, works: (p) => p.dhGroup('modp14') && p.hash('sha1') },
  { name: 'diffie-hellman-group1-sha1', onWish: true, works: (p) => p.dhGroup('modp2') && p.hash('sha1') },
];

const hostKeys: readonly Known[] = [
  { name: 'ssh-ed25519', works: (p) => p.ed25519() },
  { name: 'ecdsa-sha2-nistp256', works: (p) => p.curve('prime256v1') && p.hash('sha256') },
  { name: 'ecdsa-sha2-nistp384', works: (p) => p.curve('secp384r1') && p.hash('sha384') },
  { name: 'ecdsa-sha2-nistp521', works: (p) => p.curve('secp521r1') && p.hash('sha512') },
  { name: 'rsa-sha2-512', works: (p) => p.hash('sha512') },
  { name: 'rsa-sha2-256', works: (p) => p.hash('sha256') },
  { name: 'ssh-rsa', onWish: true, works: (p) => p.hash('sha1') },
];

const macs: readonly Known[] = [
  { name: 'hmac-sha2-256-etm@openssh.com', works: (p) => p.hash('sha256') },
  { name: 'hmac-sha2-512-etm@openssh.com', works: (p) => p.hash('sha512') },
  { name: 'hmac-sha1-etm@openssh.com', works: (p) => p.hash('sha1') },
  { name: 'hmac-sha2-256', works: (p) => p.hash('sha256') },
  { name: 'hmac-sha2-512', works: (p) => p.hash('sha512') },
  { name: 'hmac-sha1', works: (p) => p.hash('sha1') },
];

function cipher(name: string, openSslName: string, keyBytes: number, ivBytes: number): Known {
  return { name, works: (probe) => probe.cipher(openSslName, keyBytes, ivBytes) };
}

/**
 * The algorithms to offer: what this runtime's crypto really does, in the user's order where there is one.
 * Throws `algorithms-unsupported` when nothing of what the user allows is left.
 */
export function supportedAlgorithms(wishes: AlgorithmWishes, probe: CryptoProbe = runtimeCrypto): AlgorithmChoice {
  const cipherChoice = choose('Ciphers', ciphers, wishes.ciphers, probe);
  const kexChoice = choose('KexAlgorithms', keyExchanges, wishes.kexAlgorithms, probe);
  const hostKeyChoice = choose('HostKeyAlgorithms', hostKeys, wishes.hostKeyAlgorithms, probe);
  const algorithms = {
    cipher: cipherChoice.names,
    kex: kexChoice.names,
    serverHostKey: storedFirst(hostKeyChoice.names, wishes.storedKeyTypes ?? []),
    hmac: choose('MACs', macs, undefined, probe).names,
  } as AlgorithmChoice['algorithms'];
  return { algorithms, unsupported: [cipherChoice, kexChoice, hostKeyChoice].flatMap((choice) => choice.missing) };
}

function choose(
  option: string,
  known: readonly Known[],
  wish: string | undefined,
  probe: CryptoProbe,
): { names: string[]; missing: string[] } {
  const working = known.filter((entry) => entry.works(probe));
  const usual = working.filter((entry) => entry.onWish !== true).map((entry) => entry.name);
  if (wish === undefined) return { names: usual, missing: [] };
  const operator = /^[-+^]/.exec(wish)?.[0];
  const listed = (operator === undefined ? wish : wish.slice(1)).split(',').filter((name) => name !== '');
  const available = listed.filter((name) => working.some((entry) => entry.name === name));
  const missing = operator === '-' ? [] : listed.filter((name) => !available.includes(name));
  const names = combine(operator, usual, available, listed);
  if (names.length > 0) return { names, missing };
  throw new FailureError({
    code: 'algorithms-unsupported',
    message: `None of what your ssh_config allows as ${option} (${wish}) is available here.`,
    hint: `Allow one of these for the host as well: ${option} ${usual.join(',')}`,
  });
}

function combine(operator: string | undefined, usual: string[], available: string[], listed: string[]): string[] {
  switch (operator) {
    case '-':
      return usual.filter((name) => !matchesPatternList(name, listed));
    case '+':
      return [...new Set([...usual, ...available])];
    case '^':
      return [...new Set([...available, ...usual])];
    default:
      return [...new Set(available)];
  }
}

function storedFirst(names: readonly string[], storedKeyTypes: readonly string[]): string[] {
  const isStored = (name: string): boolean => storedKeyTypes.includes(/^rsa-sha2-/.test(name) ? 'ssh-rsa' : name);
  return [...names.filter(isStored), ...names.filter((name) => !isStored(name))];
}
