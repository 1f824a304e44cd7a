/** SSH's data types (RFC 4251 §5), read from the front of a message. Throws a RangeError where the message is too short. */
export class WireReader {
  #rest: Buffer;

  constructor(message: Buffer) {
    this.#rest = message;
  }

  get ended(): boolean {
    return this.#rest.length === 0;
  }

  byte(): number {
    return this.#take(1).readUInt8();
  }

  bool(): boolean {
    return this.byte() !== 0;
  }

  uint32(): number {
    return this.#take(4).readUInt32BE();
  }

  string(): Buffer {
    return this.#take(this.uint32());
  }

  text(): string {
    return this.string().toString('utf8');
  }

  #take(bytes: number): Buffer {
    if (bytes > this.#rest.length) throw new RangeError('the message is too short');
    const taken = this.#rest.subarray(0, bytes);
    this.#rest = this.#rest.subarray(bytes);
    return taken;
  }
}

export function byte(value: number): Buffer {
  return Buffer.of(value);
}

export function bool(value: boolean): Buffer {
  return byte(value ? 1 : 0);
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

export function string(value: string | Buffer): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value;
  return Buffer.concat([uint32(bytes.length), bytes]);
}

/** A message behind its length, as both protocols of the control socket have it. */
export function framed(...parts: readonly Buffer[]): Buffer {
  return string(Buffer.concat(parts));
}
