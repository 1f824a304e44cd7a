import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeWord, encodeWord } from '../../../engine/base/line-code.ts';

const text = fc.string({ unit: 'binary' }).map((value) => value.replaceAll('\0', '').toWellFormed());

test('any text survives the way to the host and back', () => {
  fc.assert(fc.property(text, (value) => decodeWord(encodeWord(value)) === value));
});

test("an encoded word is one plain word, and the shell's printf gives the text back", () => {
  for (const value of ['', 'a b', "it's $(id) `id`\n\t", '\\0101 %s \\c', 'Ünïcödé 日本', '-n', '=']) {
    const word = encodeWord(value);
    expect(word).toMatch(/^[\w./:@,+\\-]*$/);
    expect(execFileSync('sh', ['-c', 'printf %b "$1"', 'sh', word]).toString()).toBe(value);
  }
});
