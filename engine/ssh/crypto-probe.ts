import {
  createCipheriv,
  createDiffieHellmanGroup,
  createECDH,
  createHmac,
  diffieHellman,
  generateKeyPairSync,
  getCiphers,
  getHashes,
} from 'node:crypto';

/** What a runtime's crypto can really do, found by doing it. Tests pass one that can do less, as Electron's can. */
export interface CryptoProbe {
  cipher(name: string, keyBytes: number, ivBytes: number): boolean;
  hash(name: string): boolean;
  /** A curve for key agreement by its OpenSSL name. */
  curve(name: string): boolean;
  ed25519(): boolean;
  /** A named Diffie-Hellman group: modp2, modp14 … */
  dhGroup(name: string): boolean;
}

/** This process. ssh2 goes by the lists of names, so what is not listed does not count even where it works. */
export const runtimeCrypto: CryptoProbe = {
  cipher: once(
    (name, keyBytes, ivBytes) =>
      getCiphers().includes(name) && works(() => createCipheriv(name, Buffer.alloc(keyBytes), Buffer.alloc(ivBytes))),
  ),
  hash: once((name) => getHashes().includes(name) && works(() => createHmac(name, 'probe').digest())),
  curve: once((name) => works(() => (name === 'x25519' ? agreeX25519() : createECDH(name).generateKeys()))),
  ed25519: once(() => works(() => generateKeyPairSync('ed25519'))),
  dhGroup: once((name) => works(() => createDiffieHellmanGroup(name))),
};

/** What a process can do stays the same, and finding out takes tens of milliseconds: each question is asked once. */
function once<Args extends (string | number)[]>(probe: (...args: Args) => boolean): (...args: Args) => boolean {
  const known = new Map<string, boolean>();
  return (...args) => {
    const key = args.join();
    const answer = known.get(key) ?? probe(...args);
    known.set(key, answer);
    return answer;
  };
}

function works(attempt: () => unknown): boolean {
  try {
    attempt();
    return true;
  } catch {
    return false;
  }
}

function agreeX25519(): Buffer {
  const { privateKey, publicKey } = generateKeyPairSync('x25519');
  return diffieHellman({ privateKey, publicKey });
}
