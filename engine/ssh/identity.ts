import type { IdentityCallback, ParsedKey, SignCallback, SigningRequestOptions } from 'ssh2';
import ssh2 from 'ssh2';
import { keyTypeOf } from './key-blob.ts';
import type { SignatureHash } from './private-key.ts';

/** A key we may offer. Nothing secret is asked for before the server has said that it would take the key. */
export interface Identity {
  readonly origin: 'agent' | 'file' | 'memory';
  /** The file, or what the agent calls it. */
  readonly name: string;
  /** The public half. May have to ask for a passphrase where no .pub tells; undefined: this key is out. */
  publicKey(): Promise<ParsedKey | undefined>;
  sign(data: Buffer, hash?: SignatureHash): Promise<Buffer>;
}

/** Makes of a public key's bytes what ssh2 offers; undefined for the kinds it does not know. */
export function parsePublicKey(blob: Buffer): ParsedKey | undefined {
  const parsed = ssh2.utils.parseKey(`${keyTypeOf(blob) ?? ''} ${blob.toString('base64')}`);
  return parsed instanceof Error ? undefined : parsed;
}

/**
 * One identity in the shape of an agent: the only way in which ssh2 waits for a signature. It asks the server about the
 * public key first, and asks us to sign only then; that is the moment for a passphrase.
 */
export class OfferedKey extends ssh2.BaseAgent<ParsedKey> {
  readonly #key: ParsedKey;
  readonly #identity: Identity;
  readonly #onUnsigned: (error: unknown) => void;
  #signed = false;

  /** `onUnsigned`: there will be no signature. ssh2 would make an `error` event of it, so it is not told. */
  constructor(key: ParsedKey, identity: Identity, onUnsigned: (error: unknown) => void) {
    super();
    this.#key = key;
    this.#identity = identity;
    this.#onUnsigned = onUnsigned;
  }

  /** The server wanted the key and had its signature. */
  get signed(): boolean {
    return this.#signed;
  }

  override getIdentities(done: IdentityCallback<ParsedKey>): void {
    done(null, [this.#key]);
  }

  override sign(
    _key: ParsedKey,
    data: Buffer,
    options: SigningRequestOptions | SignCallback,
    done?: SignCallback,
  ): void {
    const finish = typeof options === 'function' ? options : done;
    const hash = typeof options === 'function' ? undefined : options.hash;
    void this.#identity.sign(data, hash).then((signature) => {
      this.#signed = true;
      finish?.(null, signature);
    }, this.#onUnsigned);
  }
}
