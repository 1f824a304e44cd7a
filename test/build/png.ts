import { inflateSync } from 'node:zlib';

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Four bytes per pixel: red, green, blue, alpha. */
  readonly pixels: Uint8Array;
}

/** A PNG of 8 bits per channel with alpha, as a browser writes them. */
export function decodePng(file: Buffer): Picture {
  if (file.toString('latin1', 1, 4) !== 'PNG') throw new Error('not a PNG');
  const [width, height] = [file.readUInt32BE(16), file.readUInt32BE(20)];
  if (file[24] !== 8 || file[25] !== 6) throw new Error('not 8 bits of RGBA');
  const parts: Buffer[] = [];
  for (let at = 8; at < file.length; at += 12 + file.readUInt32BE(at)) {
    if (file.toString('latin1', at + 4, at + 8) === 'IDAT')
      parts.push(file.subarray(at + 8, at + 8 + file.readUInt32BE(at)));
  }
  return { width, height, pixels: unfiltered(inflateSync(Buffer.concat(parts)), width * 4, height) };
}

/** PNG specification §9.2: each line is told as differences to its neighbours. */
function unfiltered(data: Buffer, stride: number, lines: number): Uint8Array {
  const pixels = new Uint8Array(stride * lines);
  for (let line = 0; line < lines; line += 1) {
    const filter = data[line * (stride + 1)] ?? 0;
    for (let x = 0; x < stride; x += 1) {
      const at = line * stride + x;
      const left = x < 4 ? 0 : (pixels[at - 4] ?? 0);
      const above = line === 0 ? 0 : (pixels[at - stride] ?? 0);
      const corner = x < 4 || line === 0 ? 0 : (pixels[at - stride - 4] ?? 0);
      const guess = [0, left, above, (left + above) >> 1, paeth(left, above, corner)][filter] ?? 0;
      pixels[at] = (data[line * (stride + 1) + 1 + x] ?? 0) + guess;
    }
  }
  return pixels;
}

function paeth(left: number, above: number, corner: number): number {
  const [a, b, c] = [Math.abs(above - corner), Math.abs(left - corner), Math.abs(left + above - 2 * corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? above : corner;
}
