/** The fields of an SSH public key as it travels: length-prefixed strings, the first of which names the type. */
export function readStrings(blob: Buffer, limit = Infinity): Buffer[] | undefined {
  const fields: Buffer[] = [];
  let at = 0;
  while (at < blob.length && fields.length < limit) {
    if (at + 4 > blob.length) return undefined;
    const length = blob.readUInt32BE(at);
    if (at + 4 + length > blob.length) return undefined;
    fields.push(blob.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return fields;
}

export function joinStrings(fields: readonly (Buffer | string)[]): Buffer {
  return Buffer.concat(
    fields.flatMap((field) => {
      const bytes = typeof field === 'string' ? Buffer.from(field) : field;
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return [length, bytes];
    }),
  );
}

/** The type a public key calls itself (`ssh-ed25519`, `ssh-rsa` …); undefined when it is not a key at all. */
export function keyTypeOf(blob: Buffer): string | undefined {
  const fields = readStrings(blob);
  if (fields === undefined || fields.length < 2) return undefined;
  return fields[0]?.toString('latin1');
}
