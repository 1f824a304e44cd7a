import type { LogEvent, LogLine, LogSource } from '../../shared/log.ts';

function source(service: string, colour: number): LogSource {
  return { container: `shop_${service}_1`, containerId: service, service, colour, tty: false, running: true };
}

function line(service: string, n: number, text: string, more: Partial<LogLine> = {}): LogLine {
  const at = `2026-01-01T00:00:0${n}.000000000Z`;
  return { at, stream: 'stdout', container: `shop_${service}_1`, service, text, ...more };
}

/** What a log tells of a project with two services: colours and worse, a line that is cut, a gap, a restart. */
export const shopLog: LogEvent[] = [
  { kind: 'attached', source: source('api', 0) },
  { kind: 'attached', source: source('web', 1) },
  {
    kind: 'lines',
    lines: [
      line('web', 1, '\x1b[32mGET\x1b[0m /\x1b]0;owned\x1b\\'),
      line('api', 2, 'no database', { stream: 'stderr' }),
      line('web', 3, 'a long one', { truncated: true }),
    ],
  },
  { kind: 'gap', lines: 12 },
  { kind: 'ended', container: 'shop_web_1', reason: 'stopped' },
  { kind: 'attached', source: source('web', 1) },
];
