import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lineText, LogPrefixes, terminalText } from '../../headless/logs-text.ts';
import type { LogLine, LogSource } from '../../shared/log.ts';

const color = { color: true, unicode: true };
const plain = { color: false, unicode: false };
const line = (service: string, text: string): LogLine => {
  return { at: '2026-01-01T00:00:00.000000001Z', stream: 'stdout', container: `shop_${service}_1`, service, text };
};
const source = (service: string, colour: number): LogSource => {
  return { container: `shop_${service}_1`, containerId: service, service, colour, tty: false, running: true };
};

test('colours stay where there is a terminal for them, and end with the line', () => {
  expect(terminalText('\x1b[1;31mred\x1b[0m and \x1b[38;5;200mpink', true)).toBe(
    '\x1b[1;31mred\x1b[0m and \x1b[38;5;200mpink\x1b[0m',
  );
  expect(terminalText('\x1b[1;31mred\x1b[0m', false)).toBe('red');
});

test('nothing else that a terminal would obey gets through: titles, links, the clipboard, moves, resets', () => {
  expect(terminalText('a\x1b]0;title\\x07b', true)).toBe('ab');
  expect(terminalText('a\x1b]52;c;ZXZpbA==\x1b\\b', true)).toBe('ab');
  expect(terminalText('a\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\b', true)).toBe('alinkb');
  expect(terminalText('a\x1bPq#0\x1b\\b\x1b_x\x1b\\c', true)).toBe('abc');
  expect(terminalText('a\x1b[2J\x1b[1;1H\x1b[?1049hb\x1bc\x1b(0d\x1b', true)).toBe('abd');
  expect(terminalText('\u202eevil\u2066', true)).toBe('\ufffdevil\ufffd');
});

test('whatever a line holds, the only escape sequences that remain are colours', () => {
  const piece = fc.oneof(
    fc.constantFrom('\x1b', '[', ']', '0', ';', 'm', '\\', 'P', '\x1b[31m', '\x1b]0;'),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      expect(terminalText(pieces.join(''), true).replace(/\u{1b}\[[\d;:]*m/gu, '')).not.toContain('\x1b');
      expect(terminalText(pieces.join(''), false)).not.toContain('\x1b');
    }),
  );
});

test('in a project each line says of which service it is, in columns and in colour', () => {
  for (const [paint, expected] of [
    [plain, ['api    | ', 'worker | ']],
    [color, ['\x1b[36mapi    │ \x1b[0m', '\x1b[33mworker │ \x1b[0m']],
  ] as const) {
    const prefixes = new LogPrefixes(paint);
    for (const [index, service] of ['api', 'worker'].entries()) prefixes.learn(source(service, index));
    expect(['api', 'worker'].map((service) => prefixes.of(line(service, '')))).toEqual(expected);
  }
});

test('a line is printed with its time where that is wanted, and says when it was cut', () => {
  expect(lineText(line('api', 'text'), 'api | ', true, plain)).toBe('api | 2026-01-01T00:00:00.000000001Z text\n');
  expect(lineText({ ...line('api', 'text'), truncated: true }, '', false, plain)).toBe('text ... (cut)\n');
});
