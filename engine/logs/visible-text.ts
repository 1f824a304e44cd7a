import { isUtf8 } from 'node:buffer';

/** Control characters but tab and ESC, and what stands for bytes that are no UTF-8. */
const dubious = /[^\P{Cc}\t\u{1b}]|\u{fffd}/u;
const control = /[^\P{Cc}\t\u{1b}]/gu;

/** A line's bytes as text in which nothing is hidden: `\x00` for a byte that is no UTF-8, and for a control character. Tab and ESC stay. */
export function visibleText(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  if (!dubious.test(text)) return text;
  return (isUtf8(bytes) ? text : withEscapedBytes(bytes)).replace(control, (character) =>
    escaped(character.charCodeAt(0)),
  );
}

function withEscapedBytes(bytes: Buffer): string {
  const pieces: string[] = [];
  let at = 0;
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at);
    const end = at + Math.max(1, length);
    pieces.push(length === 0 ? escaped(bytes[at] ?? 0) : bytes.toString('utf8', at, end));
    at = end;
  }
  return pieces.join('');
}

/** Of the UTF-8 character that begins there; 0 where none does. */
function sequenceLength(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0;
  const length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  return at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length)) ? length : 0;
}

function escaped(code: number): string {
  return `\\x${code.toString(16).padStart(2, '0')}`;
}

/** How many of the first `length` bytes make whole characters. */
export function wholeCharacters(bytes: Buffer, length: number): number {
  let start = length - 1;
  while (start > length - 4 && start >= 0 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start -= 1;
  const isWhole = start < 0 || (bytes[start] ?? 0) < 0xc0 || isUtf8(bytes.subarray(start, length));
  return isWhole ? length : start;
}
