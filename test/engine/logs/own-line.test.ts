import { expect, test } from 'vitest';
import { ownLine } from '../../../engine/logs/own-line.ts';

const fallback = '2026-01-01T00:00:00.000Z';
const time = '2026-11-20T14:31:02.118Z';

test('a line is its level, its sentence and its fields, with its time apart', () => {
  const json = JSON.stringify({ level: 'warn', time, host: 'shop', port: 8080, msg: 'forward has a conflict' });
  expect(ownLine(`${json}\n`, fallback)).toEqual({
    at: '2026-11-20T14:31:02.118000000Z',
    stream: 'stdout',
    container: 'towline',
    text: 'warn forward has a conflict host=shop port=8080',
  });
});

test.each([
  ['two words', 'why="two words"'],
  ['', 'why=""'],
  ['a=b', 'why="a=b"'],
  ['say "no"', String.raw`why="say \"no\""`],
  ['one\ntwo', String.raw`why="one\ntwo"`],
  ['a\u0007b', String.raw`why=a\x07b`],
  [null, 'why=null'],
  [{ code: 'in-use', port: 80 }, 'why={"code":"in-use","port":80}'],
])('a field that is %j is told in one line, in which nothing is hidden', (why, text) => {
  expect(ownLine(JSON.stringify({ level: 'info', time, why, msg: 'said' }), fallback).text).toBe(`info said ${text}`);
});

test.each(['cut off in the mid', '"text"', 'null', '{"msg":"no time"}'])(
  '%s, which is no line of ours, stays as it is',
  (text) => {
    expect(ownLine(text, fallback)).toMatchObject({ at: '2026-01-01T00:00:00.000000000Z', text });
  },
);
