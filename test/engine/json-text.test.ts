import { expect, test } from 'vitest';
import { parseJsonText } from '../../engine/json-text.ts';

test.each([
  ['{\n  "a": 1\n  "b": 2\n}', 3],
  ['{\n  "a": 1,\n}', 3],
  ['{\n  "a": nope,\n  "b": 2\n}', 2],
  ['{\n  "a": "open\n}', 2],
  ['{\n  "a": {\n', 3],
  ['', 1],
  ['{"a":1}\n\n}', 3],
])('%j is wrong in line %i', (text, line) => {
  expect(parseJsonText(text)).toMatchObject({ kind: 'invalid', line });
});

test('valid text is its value', () => {
  expect(parseJsonText('{\n"a": [1,\n2]}')).toEqual({ kind: 'ok', value: { a: [1, 2] } });
});
