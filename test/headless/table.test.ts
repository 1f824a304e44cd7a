import fc from 'fast-check';
import { expect, test } from 'vitest';
import { textWidth } from '../../headless/clean-text.ts';
import { tableLines } from '../../headless/table.ts';
import { appState, forwardView, hostView } from '../engine/serve/fake-engine.ts';

const plain = { color: false, unicode: true };
const wide = { paint: plain, width: 100, height: 50, now: 0 };

test('a host is a line with state and counts; its forwards stand below, with the reason of what is not well', () => {
  const forwards = {
    web: forwardView('web', 8080, { project: 'shop', remote: { address: '127.0.0.1', port: 80 } }),
    db: forwardView('db', 15432, { project: 'shop', requestedPort: 5432 }),
    api: forwardView('api', 3000, {
      project: 'shop',
      state: 'conflict',
      reason: { code: 'port-kept-by-rule', message: '3000 is used here by node.', hint: 'Use 13000.' },
    }),
  };
  expect(tableLines(appState([hostView('staging', { forwards }), hostView('nas', { state: 'idle' })]), wide)).toEqual([
    '○ nas  Not connected  1 connection, 1 session',
    '● staging  Connected  1 connection, 1 session',
    '  shop',
    '  ✕ localhost:3000              api  3000   Port taken',
    '    3000 is used here by node. Use 13000.',
    '  ● localhost:15432 (was 5432)  db   15432  Listening, remapped',
    '  ● localhost:8080              web  80     Listening',
  ]);
});

test('a reconnecting host says when', () => {
  const host = hostView('edge', { state: 'reconnecting', attempt: 3, nextRetryAt: 4_000 });
  expect(tableLines(appState([host]), wide)[0]).toBe('▲ edge  Reconnecting in 4 s, attempt 3  1 connection, 1 session');
});

test('what does not fit in height is counted', () => {
  const hosts = Array.from({ length: 30 }, (_, number) => hostView(`host-${number}`));
  const lines = tableLines(appState(hosts), { ...wide, height: 10 });
  expect([lines.length, lines.at(-1)]).toEqual([10, 'and 21 more lines']);
});

test('whatever strangers call things, no line is wider than the terminal or holds a control character', () => {
  const text = fc.string({ unit: 'binary', maxLength: 60 });
  fc.assert(
    fc.property(text, text, text, fc.integer({ min: 20, max: 120 }), (container, project, message, width) => {
      const web = forwardView('web', 8080, { container, project, reason: { code: 'x', message } });
      const lines = tableLines(appState([hostView('h', { forwards: { web } })]), { ...wide, width });
      for (const line of lines) {
        expect(textWidth(line)).toBeLessThanOrEqual(width);
        expect(line).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
      }
    }),
  );
});

test('colour is only for states, and only where there is colour', () => {
  const state = appState([hostView('shop', { forwards: { web: forwardView('web', 8080) } })]);
  const colored = tableLines(state, { ...wide, paint: { color: true, unicode: true } });
  expect(colored[1]).toBe('  \x1b[32m●\x1b[0m localhost:8080  web  8080  Listening');
  expect(tableLines(state, { ...wide, paint: { color: false, unicode: false } })[1]).toBe(
    '  * localhost:8080  web  8080  Listening',
  );
});

test('what there is to warn of stands on top, with what to do', () => {
  const alert = {
    id: 'x',
    code: 'log-growing',
    message: 'The log grows.',
    hint: 'Read it.',
    since: 0,
    announcedAt: 0,
  } as const;
  const state = appState([hostView('shop')], { alerts: { x: alert } });
  expect(tableLines(state, wide)).toEqual(['▲ The log grows. Read it.', '● shop  Connected  1 connection, 1 session']);
  expect(tableLines(state, { ...wide, width: 20 }).slice(0, 2)).toEqual(['▲ The log grows.', '  Read it.']);
});
