import { beforeEach, expect, test } from 'vitest';
import { silentLogger, type LogFields } from '../../../engine/base/logger.ts';
import { parseEvent, type DockerEvent } from '../../../engine/docker/events.ts';
import { StreamDiagnosis } from '../../../engine/docker/stream-diagnosis.ts';
import { TestClock } from '../../support/test-clock.ts';

let clock: TestClock;
let lines: LogFields[];
let diagnosis: StreamDiagnosis;

beforeEach(() => {
  clock = new TestClock();
  lines = [];
  const write = (message: string, fields: LogFields = {}): void => void lines.push({ message, ...fields });
  const log = { ...silentLogger, info: write, warn: write };
  const about = () => ({ endpoint: '/var/run/docker.sock', docker_version: '20.10.24' });
  diagnosis = new StreamDiagnosis({ clock, log, about });
});

/** An event that happened so long ago by a daemon whose clock is ours. */
function happened(agoMs: number): DockerEvent {
  const at = clock.now() - agoMs;
  const nanos = `${at}000000`;
  const line = `{"Type":"container","Action":"start","Actor":{"ID":"${'a'.repeat(64)}"},"time":${Math.floor(at / 1000)},"timeNano":${nanos}}`;
  return parseEvent(line) as DockerEvent;
}

const reset = { code: 'events-ended', message: 'The event stream ended: reset.' };

test('the log tells of each subscription under the names that operators ask for', async () => {
  diagnosis.attempting();
  await clock.advance(40);
  diagnosis.live();
  await clock.advance(500);
  diagnosis.received(happened(0));
  await clock.advance(1_000);
  diagnosis.failed(reset, 75);
  expect(lines).toEqual([
    {
      message: 'event stream live',
      attempt: 1,
      startup_duration_ms: 40,
      events_received: 0,
      consecutive_failures: 0,
      endpoint: '/var/run/docker.sock',
      docker_version: '20.10.24',
    },
    {
      message: 'event stream ended',
      code: 'events-ended',
      cause: reset.message,
      attempt: 1,
      startup_duration_ms: 40,
      time_to_first_event_ms: 500,
      events_received: 1,
      total_duration_ms: 1_500,
      consecutive_failures: 1,
      endpoint: '/var/run/docker.sock',
      docker_version: '20.10.24',
      retry_in_ms: 75,
    },
  ]);
});

test('each subscription that ended is kept with its cause, ten of them, and events are counted over all', async () => {
  for (let number = 1; number <= 12; number += 1) {
    diagnosis.attempting();
    diagnosis.live();
    diagnosis.received(happened(0));
    await clock.advance(number);
    diagnosis.failed({ code: 'events-ended', message: `end ${number}` }, 0);
  }
  const { ended = [], received, attempt, liveSince } = diagnosis.figures;
  expect([received, attempt, liveSince, ended.length]).toEqual([12, 12, undefined, 10]);
  expect(ended[0]).toMatchObject({ cause: { message: 'end 3' }, totalMs: 3, received: 1 });
  expect(ended.at(-1)).toEqual({
    at: clock.now(),
    cause: { code: 'events-ended', message: 'end 12' },
    totalMs: 12,
    received: 1,
  });
});

test('a subscription that never came about has lasted for no time', () => {
  diagnosis.attempting();
  diagnosis.failed(reset, 0);
  expect(diagnosis.figures).toEqual({
    attempt: 1,
    received: 0,
    consecutiveFailures: 1,
    ended: [{ at: clock.now(), cause: reset, received: 0 }],
  });
});

test('one that is ended from here has its cause too, but is no failure; where none was there, nothing has ended', () => {
  diagnosis.attempting();
  diagnosis.stopped({ code: 'user-disconnected', message: 'Disconnected.' });
  expect(diagnosis.figures.ended).toBeUndefined();
  diagnosis.live();
  diagnosis.stopped({ code: 'user-disconnected', message: 'Disconnected.' });
  expect(diagnosis.figures).toMatchObject({
    consecutiveFailures: 0,
    ended: [{ cause: { code: 'user-disconnected' } }],
  });
});

test('the lag is that of the newest event, also of one that was replayed after an outage', () => {
  diagnosis.attempting();
  diagnosis.live();
  diagnosis.received(happened(12));
  expect(diagnosis.figures.lagMs).toBe(12);
  diagnosis.failed(reset, 0);
  diagnosis.attempting();
  expect(diagnosis.figures.lagMs).toBe(12);
  diagnosis.live();
  diagnosis.received(happened(30_000));
  expect(diagnosis.figures.lagMs).toBe(30_000);
});
