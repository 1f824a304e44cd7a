import { promisify } from 'node:util';
import { crc32, deflateRaw } from 'node:zlib';

export interface ZipEntry {
  /** A relative path with slashes, in ASCII. */
  readonly name: string;
  readonly content: Buffer;
}

const deflate = promisify(deflateRaw);

/** PKWARE's APPNOTE: 2.0 knows deflate; made on Unix, so that the mode in the attributes counts. */
const version = 20;
const madeOnUnix = (3 << 8) | version;
const deflated = 8;
const fileMode = (0o100600 << 16) >>> 0;

/** A zip archive of a few files, far below 4 GB, all dated `at` (Unix ms, shown as UTC). */
export async function zip(entries: readonly ZipEntry[], at: number): Promise<Buffer> {
  const { time, date } = dosTime(at);
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content } of entries) {
    const packed = await deflate(content);
    const path = Buffer.from(name, 'ascii');
    const common = Buffer.alloc(26);
    common.writeUInt16LE(version, 0);
    common.writeUInt16LE(deflated, 4);
    common.writeUInt16LE(time, 6);
    common.writeUInt16LE(date, 8);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(path.length, 22);
    const local = Buffer.concat([signature(0x04034b50), common, path, packed]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(fileMode, 6);
    place.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([signature(0x02014b50), uint16(madeOnUnix), common, place, path]));
    files.push(local);
    offset += local.length;
  }
  const index = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(index.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...files, index, signature(0x06054b50), end]);
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

/** As MS-DOS wrote it: two seconds are the least, 1980 the first year. */
function dosTime(at: number): { time: number; date: number } {
  const moment = new Date(at);
  const time = (moment.getUTCHours() << 11) | (moment.getUTCMinutes() << 5) | (moment.getUTCSeconds() >> 1);
  const year = Math.max(0, moment.getUTCFullYear() - 1980);
  return { time, date: (year << 9) | ((moment.getUTCMonth() + 1) << 5) | moment.getUTCDate() };
}
