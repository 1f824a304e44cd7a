/** No message of ours or OpenSSH's comes near this: what claims to be longer is not a message. */
const maxFrameBytes = 1 << 20;

/** Cuts a byte stream into messages, each behind its uint32 length. Throws a RangeError for a length that cannot be. */
export class FrameSplitter {
  #pending: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): Buffer[] {
    let rest = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    const frames: Buffer[] = [];
    while (rest.length >= 4) {
      const length = rest.readUInt32BE();
      if (length > maxFrameBytes) throw new RangeError(`a message of ${length} bytes`);
      if (rest.length < 4 + length) break;
      frames.push(rest.subarray(4, 4 + length));
      rest = rest.subarray(4 + length);
    }
    this.#pending = rest;
    return frames;
  }
}
