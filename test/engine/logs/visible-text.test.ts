import { expect, test } from 'vitest';
import { visibleText, wholeCharacters } from '../../../engine/logs/visible-text.ts';

const text = (...parts: (string | number[])[]): string =>
  visibleText(Buffer.concat(parts.map((part) => Buffer.from(part as string))));

test('text stays as it is, with tabs, colours and what stands for unknown characters', () => {
  const plain = 'grün\t\x1b[31mred\x1b[0m 🐳 \u{fffd}';
  expect(text(plain)).toBe(plain);
});

test('bytes that are no UTF-8 are told by their number, what is around them is not touched', () => {
  expect(text('ä', [0xff, 0xfe], '🐳', [0xf0, 0x9f], 'x', [0xc3])).toBe('ä\\xff\\xfe🐳\\xf0\\x9fx\\xc3');
  expect(text([0xc0, 0x80], '|', [0xed, 0xa0, 0x80])).toBe('\\xc0\\x80|\\xed\\xa0\\x80');
});

test('control characters are told by their number, those of the upper half too', () => {
  expect(text('a\0b\x07c\rd\x7fe\u{9b}f')).toBe('a\\x00b\\x07c\\x0dd\\x7fe\\x9bf');
});

test('a cut never goes through a character', () => {
  const bytes = Buffer.from('aä🐳');
  expect([1, 2, 3, 4, 5, 6, 7].map((length) => wholeCharacters(bytes, length))).toEqual([1, 1, 3, 3, 3, 3, 7]);
});
