/** The images of an Apple icon: its type for each size in pixels. `ic11` to `ic14` are those of 16 to 256 points at double density. */
const types: readonly (readonly [type: string, pixels: number])[] = [
  ['icp4', 16],
  ['icp5', 32],
  ['ic11', 32],
  ['ic12', 64],
  ['ic07', 128],
  ['ic13', 256],
  ['ic08', 256],
  ['ic14', 512],
  ['ic09', 512],
  ['ic10', 1024],
];

export const icnsSizes: readonly number[] = [...new Set(types.map(([, pixels]) => pixels))];

/** An .icns file of PNGs, one for each of `icnsSizes`: a header, then each image behind its type and its length. */
export function icns(png: (pixels: number) => Buffer): Buffer {
  const images = types.map(([type, pixels]) => chunk(type, png(pixels)));
  return chunk('icns', Buffer.concat(images));
}

function chunk(type: string, content: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.write(type, 'latin1');
  head.writeUInt32BE(content.length + 8, 4);
  return Buffer.concat([head, content]);
}
