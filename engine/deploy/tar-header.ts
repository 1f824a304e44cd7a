/** An entry of an archive. Users, groups and times stay behind. */
export interface TarEntry {
  /** With `/`; of any length, in UTF-8. */
  readonly name: string;
  readonly kind: 'file' | 'directory';
  /** In bytes; 0 of a directory. */
  readonly size: number;
  /** Permission bits. */
  readonly mode: number;
}

export const tarBlock = 512;

const nameBytes = 100;
/** Larger sizes don't fit in eleven octal digits. */
const maxOctalSize = 8 ** 11 - 1;

/**
 * The header of an entry in GNU's format, which every tar reads: GNU's, the BSDs' and BusyBox's. A long name goes before it in an
 * entry of its own; names in other scripts are just bytes.
 */
export function tarHeader({ name, kind, size, mode }: TarEntry): Buffer {
  const path = Buffer.from(kind === 'directory' ? `${name}/` : name);
  const header = oneHeader(path, size, mode, kind === 'directory' ? '5' : '0');
  if (path.length < nameBytes) return header;
  const long = Buffer.concat([path, Buffer.alloc(1)]);
  return Buffer.concat([
    oneHeader(Buffer.from('././@LongLink'), long.length, 0o644, 'L'),
    long,
    tarPadding(long.length),
    header,
  ]);
}

/** What fills content of that size up to whole blocks. */
export function tarPadding(size: number): Buffer {
  return Buffer.alloc((tarBlock - (size % tarBlock)) % tarBlock);
}

/** The bytes that an entry takes in all. */
export function tarSize(entry: TarEntry): number {
  return tarHeader(entry).length + Math.ceil(entry.size / tarBlock) * tarBlock;
}

function oneHeader(path: Buffer, size: number, mode: number, type: string): Buffer {
  const header = Buffer.alloc(tarBlock);
  path.copy(header, 0, 0, nameBytes);
  header.write(octal(mode, 7), 100);
  header.write(octal(0, 7), 108);
  header.write(octal(0, 7), 116);
  if (size <= maxOctalSize) header.write(octal(size, 11), 124);
  else {
    header[124] = 0x80; // base 256 follows
    header.writeBigUInt64BE(BigInt(size), 128);
  }
  header.write(octal(0, 11), 136);
  header.fill(' ', 148, 156);
  header.write(type, 156);
  header.write('ustar  ', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 6)}\0`, 148);
  return header;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}
