import { crc32, inflateRawSync } from 'node:zlib';

/** The files of a zip archive, read by its central directory as any tool does. Throws where sums or signatures are wrong. */
export function unzip(archive: Buffer): Map<string, Buffer> {
  const end = archive.length - 22;
  expectSignature(archive, end, 0x06054b50);
  const files = new Map<string, Buffer>();
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left -= 1) {
    expectSignature(archive, at, 0x02014b50);
    const nameLength = archive.readUInt16LE(at + 28);
    const name = archive.toString('ascii', at + 46, at + 46 + nameLength);
    const local = archive.readUInt32LE(at + 42);
    expectSignature(archive, local, 0x04034b50);
    const data = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    const content = inflateRawSync(archive.subarray(data, data + archive.readUInt32LE(at + 20)));
    if (crc32(content) !== archive.readUInt32LE(at + 16)) throw new Error(`${name}: wrong sum`);
    if (content.length !== archive.readUInt32LE(at + 24)) throw new Error(`${name}: wrong size`);
    files.set(name, content);
    at += 46 + nameLength;
  }
  return files;
}

function expectSignature(archive: Buffer, at: number, signature: number): void {
  if (archive.readUInt32LE(at) !== signature) throw new Error(`no signature at ${at}`);
}
