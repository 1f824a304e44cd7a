import { expect, test } from 'vitest';
import { ansiRuns, plainText } from '../../../renderer/models/ansi.ts';
import { lineParts } from '../../../renderer/models/log-parts.ts';

const esc = '\u001b';

function drawn(raw: string, pattern?: RegExp): unknown[] {
  return lineParts(plainText(raw), pattern, ansiRuns(raw)).map(({ text, hit, style }) => [
    hit ? `[${text}]` : text,
    style ?? {},
  ]);
}

test('a text is marked where it matches, and an expression that matches nothing marks nothing', () => {
  expect(drawn('one two one', /one/g)).toEqual([
    ['[one]', {}],
    [' two ', {}],
    ['[one]', {}],
  ]);
  expect(drawn('abc', /x*/g)).toEqual([['abc', {}]]);
  expect(drawn('')).toEqual([['', {}]]);
});

test('the colours and weights of a terminal are kept, and end where they end', () => {
  expect(drawn(`${esc}[1;31mred${esc}[22m thin${esc}[0m plain ${esc}[93myellow${esc}[39m.`)).toEqual([
    ['red', { bold: true, colour: 1 }],
    [' thin', { bold: false, dim: false, colour: 1 }],
    [' plain ', {}],
    ['yellow', { colour: 11 }],
    ['.', {}],
  ]);
});

test('a match goes over a change of colour', () => {
  expect(drawn(`a${esc}[32mbc${esc}[0md`, /bcd/g)).toEqual([
    ['a', {}],
    ['[bc]', { colour: 2 }],
    ['[d]', {}],
  ]);
});

test.each([
  ['38;5;9', { colour: 9 }],
  ['38;5;196', { colour: 1 }],
  ['38;5;240', { colour: 8 }],
  ['38;5;250', { colour: 7 }],
  ['38;2;20;200;30', { colour: 2 }],
  ['38:2:0:0:255', { colour: 4 }],
  ['48;5;9', {}],
  ['48;2;1;2;3;4', { underline: true }],
])('of more colours, %s is the nearest there is, and grounds are left out', (codes, style) => {
  expect(drawn(`${esc}[${codes}mx`)).toEqual([['x', style]]);
});

test('what else is meant for a terminal is not text, and what only looks so is', () => {
  expect(plainText(`${esc}[1;31mred${esc}[0m ${esc}]0;title\u0007and ${esc}[2Kmore\t[m]`)).toBe('red and more\t[m]');
  expect(plainText(`${esc}]8;;https://example.org${esc}\\link${esc}]8;;${esc}\\`)).toBe('link');
});
