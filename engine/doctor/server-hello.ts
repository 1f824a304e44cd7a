import { readStrings } from '../ssh/key-blob.ts';

/** The algorithms that one side names in its KEXINIT, each list in its order of preference. */
export interface KexOffer {
  readonly kex: readonly string[];
  readonly hostKey: readonly string[];
  readonly cipher: readonly string[];
  readonly mac: readonly string[];
}

/** What a server says before anything is encrypted (RFC 4253 §4.2, §7.1). */
export interface ServerHello {
  /** Lines before the identification; where a server refuses early, its reason. */
  readonly greeting: string;
  /** `SSH-2.0-…`, or undefined while it has not come. */
  readonly ident: string | undefined;
  readonly offer: KexOffer | undefined;
}

const kexInit = 20;
/** More than any server says before its key exchange. */
const most = 64 * 1024;

/** Listens to a server's first words, up to the end of its KEXINIT. */
export class HelloReader {
  #heard = Buffer.alloc(0);

  hear(chunk: Buffer): void {
    if (this.#heard.length < most) this.#heard = Buffer.concat([this.#heard, chunk]);
  }

  get hello(): ServerHello {
    return parseServerHello(this.#heard);
  }
}

export function parseServerHello(heard: Buffer): ServerHello {
  const text = heard.toString('latin1');
  const found = /^(SSH-[\x20-\x7e]*)\r?\n/m.exec(text);
  const greeting = (found === null ? text : text.slice(0, found.index)).slice(0, 500).trim();
  if (found === null) return { greeting, ident: undefined, offer: undefined };
  return { greeting, ident: found[1], offer: parseOffer(heard.subarray(found.index + found[0].length)) };
}

/** The first packet of the binary protocol: length, padding length, message number, cookie, ten name-lists. */
function parseOffer(packet: Buffer): KexOffer | undefined {
  if (packet.length < 22 || packet[5] !== kexInit) return undefined;
  const end = 4 + packet.readUInt32BE(0) - packet.readUInt8(4);
  if (packet.length < end) return undefined;
  const lists = readStrings(packet.subarray(22, end), 6)?.map((list) =>
    list.toString('latin1').split(',').filter(Boolean),
  );
  if (lists === undefined) return undefined;
  const [kex = [], hostKey = [], cipher = [], , mac = []] = lists;
  return { kex, hostKey, cipher, mac };
}

/** What the two agree on: the first of the client's that the server has, too. */
export function agreed(ours: readonly string[], theirs: readonly string[]): string | undefined {
  return ours.find((name) => theirs.includes(name));
}

export function isPostQuantum(kex: string): boolean {
  return /^(sntrup761|mlkem768|mlkem1024)/.test(kex);
}
