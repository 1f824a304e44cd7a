import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eventLine, type EventShape } from '../../../engine/demo/docker-events.ts';
import { parseEvent } from '../../../engine/docker/events.ts';

const id = 'ab'.repeat(32);
const raw = (event: object): string =>
  JSON.stringify({ Type: 'container', Action: 'start', Actor: { ID: id }, time: 1, ...event });
const line = (shape: EventShape, action: string): string =>
  eventLine(
    { type: 'container', action, id, attributes: { name: 'web' }, timeNano: 1_700_000_000_123_456_789n },
    shape,
  );

describe.each<EventShape>(['docker-20', 'docker-29', 'podman'])('events of %s', (shape) => {
  test.each(['start', 'die', 'stop'])('%s', (action) => {
    expect(parseEvent(line(shape, action))).toMatchObject({
      type: 'container',
      action,
      containerId: id,
      name: 'web',
      atMs: 1_700_000_000_123,
      timeS: 1_700_000_000,
    });
  });
});

test('an old event that has nothing but status and id is understood', () => {
  expect(parseEvent(JSON.stringify({ status: 'start', id, time: 5 }))).toMatchObject({
    action: 'start',
    containerId: id,
    name: undefined,
    atMs: 5_000,
    timeS: 5,
  });
});

test('of a compound action the verb counts', () => {
  expect(parseEvent(raw({ Action: 'health_status: healthy' }))?.action).toBe('health_status');
});

test('a network event names the container it concerns', () => {
  const event = { Type: 'network', Action: 'connect', Actor: { ID: 'f'.repeat(64), Attributes: { container: id } } };
  expect(parseEvent(raw(event))).toMatchObject({ type: 'network', action: 'connect', containerId: id });
});

test('two events whose timeNano differs only beyond 2^53 are two, and the same one twice is one', () => {
  const nano = (digits: string): string => raw({}).replace(/}$/, `,"timeNano":${digits}}`);
  const [one, other, again] = ['1700000000123456789', '1700000000123456790', '1700000000123456789'].map(
    (n) => parseEvent(nano(n))?.fingerprint,
  );
  expect(one).not.toBe(other);
  expect(one).toBe(again);
});

test('a label cannot pass for the time of the event', () => {
  const event = raw({ Actor: { ID: id, Attributes: { x: '"timeNano":1' } } }).replace(/}$/, ',"timeNano":77}');
  expect(parseEvent(event)?.fingerprint).toContain(' 77');
});

test.each([
  ['a short id', 'ab12', undefined],
  ['a path', '../../images/json?x=', undefined],
  ['twelve digits', 'ab12ab12ab12', 'ab12ab12ab12'],
])('%s as id', (_what, given, taken) => {
  expect(parseEvent(raw({ Actor: { ID: given } }))?.containerId).toBe(taken);
});

test.each(['nonsense', 1e300, -5, 1.5, null])('a time of %s is no time', (time) => {
  expect(parseEvent(raw({ time }))?.timeS).toBe(0);
});

test('garbage is no event and no error', () => {
  expect(
    ['', '{', 'null', '[]', '"x"', '{}', '{"Type":"image","Action":"pull"}', '{"Type":{},"Action":[]}'].map(parseEvent),
  ).toEqual(Array<undefined>(8).fill(undefined));
  fc.assert(fc.property(fc.json(), (text) => void parseEvent(text)));
});
