import { expect, test } from 'vitest';
import { levelOf, rowsOf } from '../../../renderer/models/log-rows.ts';
import { LogBuffer } from '../../../renderer/models/log-buffer.ts';
import { exported, shownRows } from '../../../renderer/models/log-filter.ts';
import type { LogLine } from '../../../shared/log.ts';

const at = '2026-11-20T14:31:02.118456789Z';
const line = (text: string, differences: Partial<LogLine> = {}): LogLine => ({
  ...{ at, stream: 'stdout', container: 'shop-web-1', service: 'web', text },
  ...differences,
});

test.each([
  ['error POST /checkout failed', 'error'],
  ['warn not written error="EACCES"', 'warn'],
  ['2026-11-20 [WARNING] slow', 'warn'],
  ['{"level":50,"msg":"x"}', 'error'],
  ['GET /terrors 200', undefined],
  ['[info] ready', 'info'],
  [`${'x'.repeat(200)} error`, undefined],
])('the level of %s', (text, level) => {
  expect(levelOf(text)).toBe(level);
});

test('what happens between lines is told; the first attachment is not', () => {
  const source = { container: 'shop-web-1', containerId: 'a', colour: 0, tty: false, running: true };
  expect(rowsOf({ kind: 'attached', source }, new Set())).toEqual([]);
  expect([
    ...rowsOf({ kind: 'attached', source }, new Set(['shop-web-1'])),
    ...rowsOf({ kind: 'gap', lines: 1 }, new Set()),
    ...rowsOf({ kind: 'ended', container: 'shop-web-1', reason: 'removed' }, new Set()),
  ]).toEqual([
    { kind: 'break', words: 'shop-web-1 is read again; nothing is missing' },
    { kind: 'break', words: '1 line dropped: they came faster than this page reads' },
    { kind: 'break', words: 'shop-web-1: was removed' },
  ]);
});

test('a row keeps its number, whatever comes before and after it, and the oldest go', () => {
  const buffer = new LogBuffer(4);
  const rows = (...texts: string[]) => rowsOf({ kind: 'lines', lines: texts.map((text) => line(text)) }, new Set());
  const numbers = (): unknown[] => buffer.rows.map((row) => [row.number, row.kind === 'line' && row.text]);
  buffer.append(rows('a', 'b'));
  buffer.prepend(rows('x', 'y', 'z'));
  expect(numbers()).toEqual([
    [-2, 'y'],
    [-1, 'z'],
    [0, 'a'],
    [1, 'b'],
  ]);
  buffer.append(rows('c', 'd', 'e'));
  expect(numbers()[0]).toEqual([1, 'b']);
  expect(buffer.isFull).toBe(true);
});

test('what is left out is not shown, counted or exported', () => {
  const buffer = new LogBuffer();
  buffer.append(
    rowsOf(
      {
        kind: 'lines',
        lines: [line('warn a'), line('error b', { service: 'api', stream: 'stderr' }), line('c', { service: 'api' })],
      },
      new Set(),
    ),
  );
  buffer.append([{ kind: 'break', words: 'x' }]);
  const all = { hidden: new Set<string>(), level: 'all', stream: 'all', only: undefined } as const;
  const count = (filter: Partial<Parameters<typeof shownRows>[1]>): number =>
    shownRows(buffer.rows, { ...all, ...filter }).length;
  expect([
    count({}),
    count({ hidden: new Set(['api']) }),
    count({ level: 'warn' }),
    count({ stream: 'stderr' }),
    count({ only: new Set([1]) }),
  ]).toEqual([4, 2, 3, 2, 1]);
  expect(buffer.counts).toEqual({
    services: new Map([
      ['web', 1],
      ['api', 2],
    ]),
    warn: 2,
    error: 1,
  });
  const api = shownRows(buffer.rows, { ...all, level: 'error' });
  expect(exported(api, 'text')).toBe(`${at} api error b\n`);
  expect(JSON.parse(exported(api, 'ndjson'))).toMatchObject({ service: 'api', text: 'error b' });
});
