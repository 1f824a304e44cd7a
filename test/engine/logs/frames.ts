import type { DecodedLine } from '../../../engine/logs/line-decoder.ts';

/** The nth moment of a test. */
export const at = (n: number): string => `2026-01-01T00:00:00.${String(n).padStart(9, '0')}Z`;

export const line = (n: number, text = `line ${n}`, stream: DecodedLine['stream'] = 'stdout'): DecodedLine => ({
  at: at(n),
  stream,
  text,
});

/** A frame as Docker sends it: stream, three zeros, length, and the time before the text. */
export function frame(n: number, text: string | Buffer, stream: DecodedLine['stream'] = 'stdout'): Buffer {
  const body = Buffer.concat([Buffer.from(`${at(n)} `), Buffer.from(text as string)]);
  const header = Buffer.alloc(8);
  header[0] = stream === 'stdout' ? 1 : 2;
  header.writeUInt32BE(body.length, 4);
  return Buffer.concat([header, body]);
}
