import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DesiredForward } from '../../../engine/forward/desired.ts';
import { diffForwards, type ActualForward } from '../../../engine/forward/diff.ts';

function forward(id: string, requestedPort: number, more: Partial<DesiredForward> = {}): DesiredForward {
  return {
    ...{
      id,
      source: 'container',
      containerId: id,
      protocol: 'tcp',
      target: { kind: 'tcp', address: '127.0.0.1', port: requestedPort },
    },
    ...{ bind: ['127.0.0.1'], requestedPort, policy: 'remap', disposition: { kind: 'open' }, ...more },
  };
}

type World = Map<string, ActualForward>;
const world = (...forwards: ActualForward[]): World => new Map(forwards.map((item) => [item.desired.id, item]));
const bound = (desired: DesiredForward, port = desired.requestedPort): ActualForward => ({ desired, port });

/** Does what the plan says, in its order. */
function apply(before: World, plan: ReturnType<typeof diffForwards>): World {
  const after = new Map(before);
  for (const id of plan.close) after.delete(id);
  for (const { from, desired } of plan.adopt) {
    const port = after.get(from)?.port;
    after.delete(from);
    after.set(desired.id, { desired, port });
  }
  for (const desired of plan.update) after.set(desired.id, { desired, port: after.get(desired.id)?.port });
  for (const desired of plan.open) after.set(desired.id, bound(desired));
  return after;
}

const ids = ({ close, adopt, update, open }: ReturnType<typeof diffForwards>) => ({
  close,
  adopt: adopt.map(({ from, desired }) => `${from}>${desired.id}`),
  update: update.map(({ id }) => id),
  open: open.map(({ id }) => id),
});

test('nothing is to be done when all is as wanted', () => {
  const web = forward('web', 80);
  expect(ids(diffForwards([web], world(bound(web))))).toEqual({ close: [], adopt: [], update: [], open: [] });
});

test('one goes, one stays, one comes', () => {
  const [web, db, api] = [forward('web', 80), forward('db', 5432), forward('api', 3000)];
  expect(ids(diffForwards([db, api], world(bound(web), bound(db))))).toEqual({
    close: ['web'],
    adopt: [],
    update: [],
    open: ['api'],
  });
});

test('a recreated container keeps its listener', () => {
  const again = forward('web', 80, { containerId: 'another' });
  expect(ids(diffForwards([again], world(bound(forward('web', 80)))))).toEqual({
    close: [],
    adopt: [],
    update: ['web'],
    open: [],
  });
});

test('when a start was heard is no difference', () => {
  expect(ids(diffForwards([forward('web', 80, { startHeardAt: 9 })], world(bound(forward('web', 80)))))).toMatchObject({
    update: [],
  });
});

test('a port that changes hands is handed over, not closed', () => {
  expect(ids(diffForwards([forward('new', 80)], world(bound(forward('old', 80)))))).toEqual({
    close: [],
    adopt: ['old>new'],
    update: [],
    open: [],
  });
});

test('a forward that had to take another port hands nothing over', () => {
  expect(ids(diffForwards([forward('new', 80)], world(bound(forward('old', 80), 8080))))).toMatchObject({
    close: ['old'],
    open: ['new'],
  });
});

test('a forward that wants another port is closed and opened', () => {
  expect(ids(diffForwards([forward('web', 81)], world(bound(forward('web', 80)))))).toEqual({
    close: ['web'],
    adopt: [],
    update: [],
    open: ['web'],
  });
});

test('a paused forward takes over no listener', () => {
  const paused = forward('new', 80, { disposition: { kind: 'paused' } });
  expect(ids(diffForwards([paused], world(bound(forward('old', 80)))))).toMatchObject({
    close: ['old'],
    open: ['new'],
  });
});

test('applied once a second diff is empty, and nothing is taken from a forward that stays', () => {
  const arbitrary = fc.uniqueArray(
    fc.record({
      id: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      port: fc.constantFrom(80, 81, 82),
      kind: fc.constantFrom<'open' | 'linger' | 'paused'>('open', 'linger', 'paused'),
      container: fc.constantFrom('x', 'y'),
    }),
    { selector: ({ id }) => id },
  );
  const forwards = arbitrary.map((list) =>
    list.map(({ id, port, kind, container }) => forward(id, port, { containerId: container, disposition: { kind } })),
  );
  fc.assert(
    fc.property(forwards, forwards, fc.boolean(), (before, desired, remapped) => {
      const actual = world(
        ...before.map((item) => bound(item, remapped ? item.requestedPort + 1_000 : item.requestedPort)),
      );
      const plan = diffForwards(desired, actual);
      const after = apply(actual, plan);
      expect([...after.keys()].sort()).toEqual(desired.map(({ id }) => id).sort());
      expect(ids(diffForwards(desired, after))).toEqual({ close: [], adopt: [], update: [], open: [] });
      const stay = desired
        .filter((next) => actual.get(next.id)?.desired.requestedPort === next.requestedPort)
        .map(({ id }) => id);
      expect(plan.adopt.filter(({ from }) => stay.includes(from))).toEqual([]);
    }),
  );
});
