import ssh2 from 'ssh2';

export interface SshKey {
  /** OpenSSH private key text, as ssh2 and `ssh -i` take it. */
  readonly privateKey: string;
  /** The public key blob in SSH wire format, as known_hosts has it in base64. */
  readonly publicKey: Buffer;
}

/**
 * A new ed25519 key, in memory only.
 * ssh2's generator writes a key it can't read itself about once in 500 times, hence the second look.
 */
export function generateSshKey(): SshKey {
  for (;;) {
    const privateKey = ssh2.utils.generateKeyPairSync('ed25519').private;
    const key = ssh2.utils.parseKey(privateKey);
    if (!(key instanceof Error)) return { privateKey, publicKey: key.getPublicSSH() };
  }
}

/** Whether a publickey request names one of `allowed` (wire format), and has signed if it claims to have. */
export function acceptsKey(request: ssh2.PublicKeyAuthContext, allowed: readonly Buffer[]): boolean {
  if (!allowed.some((key) => key.equals(request.key.data))) return false;
  if (request.signature === undefined || request.blob === undefined) return true; // only asks if the key would do
  const key = ssh2.utils.parseKey(request.key.data);
  return !(key instanceof Error) && key.verify(request.blob, request.signature, request.hashAlgo);
}
