import { expect, test } from 'vitest';
import { LogTexts, patternOf } from '../../../renderer/models/log-search.ts';

test('plain text is itself, small letters find capital ones too, and capital ones only themselves', () => {
  const finds = (query: string, text: string, regex = false): boolean =>
    patternOf({ text: query, regex })?.test(text) ?? false;
  expect([
    finds('a.c', 'abc'),
    finds('error', 'ERROR'),
    finds('Error', 'error'),
    finds('time(out|d)', 'timed', true),
    finds('\\S+ 50\\d', 'GET 502', true),
  ]).toEqual([false, true, false, true, true]);
  expect([patternOf({ text: '', regex: true }), patternOf({ text: '(', regex: true })]).toEqual([undefined, undefined]);
});

test('texts are found by their numbers, while older ones come, newer ones come and the oldest go', () => {
  const texts = new LogTexts();
  texts.add(0, ['a', 'b']);
  texts.add(2, ['a']);
  texts.add(-2, ['a', 'x']);
  const a = /a/;
  expect([texts.find(a), texts.find(a, 1)]).toEqual([[-2, 0, 2], [2]]);
  texts.drop(1);
  expect(texts.find(a)).toEqual([2]);
  texts.reset();
  texts.add(7, ['a']);
  expect(texts.find(a)).toEqual([7]);
});

test('two hundred thousand lines are searched, and each that matches is found', () => {
  const texts = new LogTexts();
  texts.add(
    0,
    Array.from({ length: 200_000 }, (_, i) => `GET /products/${i} ${i % 100 === 7 ? 502 : 200} in ${i % 50} ms`),
  );
  const pattern = patternOf({ text: ' 50[0-9] in', regex: true });
  expect(pattern === undefined ? 0 : texts.find(pattern).length).toBe(2_000);
});
