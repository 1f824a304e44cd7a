import { expect, test } from 'vitest';
import type { Happening } from '../../engine/timeline/story.ts';
import { span, timelineWords } from '../../shared/timeline-words.ts';

const words = (happening: Happening): string => timelineWords({ seq: 1, at: 0, ...happening });
const hostId = 'shop';
const reason = { code: 'x', message: 'It was reset.' };
const local = { address: '127.0.0.1', port: 8080 };
const web = {
  kind: 'forward',
  hostId,
  forwardId: 'web:80',
  container: 'web',
  protocol: 'tcp',
  local,
  requestedPort: 80,
} as const;

test.each<[Happening, string]>([
  [{ kind: 'connection', hostId, state: 'ready', lastedMs: 162 }, 'Connected (after 162 ms)'],
  [{ kind: 'connection', hostId, state: 'reconnecting', attempt: 1, reason }, 'Connection lost: It was reset.'],
  [{ kind: 'connection', hostId, state: 'reconnecting', attempt: 3 }, 'Not connected yet, attempt 3 to come'],
  [{ kind: 'connection', hostId, state: 'connecting', attempt: 2 }, 'Connecting, attempt 2'],
  [
    { kind: 'docker', hostId, state: 'reachable', endpoint: '/run/d.sock', engineVersion: '29.0' },
    'Docker 29.0 at /run/d.sock',
  ],
  [{ kind: 'docker', hostId, state: 'unreachable', reason }, 'Docker is not reachable: It was reset.'],
  [{ kind: 'events', hostId, state: 'live', attempt: 2, startupMs: 40 }, 'Event stream live in 40 ms, attempt 2'],
  [
    { kind: 'events', hostId, state: 'ended', attempt: 1, received: 7, reason, lastedMs: 7_500_000 },
    'Event stream ended with 7 events, attempt 1: It was reset. (after 2 h 05 min)',
  ],
  [{ kind: 'container', hostId, action: 'die', containerId: 'ab'.repeat(32) }, 'Container abababababab: die'],
  [{ ...web, state: 'listening', openedMs: 1.2 }, 'localhost:8080 → web listens, 1.2 ms after its start'],
  [{ ...web, state: 'remapped' }, 'localhost:8080 → web listens instead of 80'],
  [
    { ...web, state: 'closed', lastedMs: 65_000, local: { address: 'fd00::1', port: 1 } },
    '[fd00::1]:1 → web closed (after 1 min 05 s)',
  ],
  [{ kind: 'deployment', hostId, stack: 'api', state: 'stage', stage: 'uploading' }, 'api: deploy, uploading'],
  [
    { kind: 'deployment', hostId, stack: 'api', state: 'ended', action: 'rollback', outcome: 'failed', reason },
    'api: rollback ended, failed: It was reset.',
  ],
  [
    { kind: 'prompt', hostId, state: 'closed', asks: 'password', lastedMs: 12_000 },
    'Question closed: password (after 12 s)',
  ],
  [{ kind: 'alert', state: 'cleared', alert: 'log-growing', message: 'Too much.' }, 'No longer so: Too much.'],
])('%j', (happening, text) => {
  expect(words(happening)).toBe(text);
});

test.each([
  [0.04, '0 ms'],
  [999, '999 ms'],
  [1_500, '1.5 s'],
  [59_900, '59 s'],
  [3_599_000, '59 min 59 s'],
  [86_400_000 * 3 + 3_600_000 * 4, '3 d 4 h'],
])('%d ms is %s', (ms, text) => {
  expect(span(ms)).toBe(text);
});
