import { expect, test } from 'vitest';
import { redisAnswers } from '../../../engine/demo/redis-service.ts';

function talk(lines: readonly string[], store = new Map<string, string>()): string {
  const answer = redisAnswers(store, () => undefined);
  return lines.map((line) => answer(line).text).join('');
}

test('inline commands are answered', () => {
  expect(talk(['PING', 'SET a 1', 'incr a', 'GET a', 'GET b'])).toBe('+PONG\r\n+OK\r\n:2\r\n$1\r\n2\r\n$-1\r\n');
});

test('commands as arrays are answered once they are complete', () => {
  const store = new Map<string, string>();
  expect(talk(['*3', '$3', 'SET', '$1', 'k', '$5', 'a b c'], store)).toBe('+OK\r\n');
  expect(talk(['*2', '$3', 'GET', '$1', 'k'], store)).toBe('$5\r\na b c\r\n');
});

test('an unknown command is an error, not a silence', () => {
  expect(talk(['FLY'])).toBe("-ERR unknown command 'FLY'\r\n");
});
