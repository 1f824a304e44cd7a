import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../../engine/base/clock.ts';
import { DisposableStore } from '../../../engine/base/disposables.ts';
import { LogDesk } from '../../../engine/logs/log-desk.ts';
import { FailureError } from '../../../shared/failure.ts';
import type { LogFollowRequest } from '../../../shared/log.ts';
import { LogReader } from '../../support/log-reader.ts';
import { waitFor } from '../../support/wait-for.ts';
import { TestLogHost } from './test-log-host.ts';

let owned: DisposableStore;
let host: TestLogHost;
let hosts: Map<string, TestLogHost>;
let unreachable: Set<string>;
const never = new AbortController().signal;

beforeEach(() => {
  owned = new DisposableStore();
  host = owned.add(new TestLogHost());
  hosts = new Map([['one', host]]);
  unreachable = new Set();
});
afterEach(() => owned.dispose());

function desk(limits = { lines: 50_000, bytes: 1e9 }): LogDesk {
  const ready = (id: string): Promise<void> =>
    unreachable.has(id)
      ? Promise.reject(new FailureError({ code: 'host-disconnected', message: `${id} is disconnected.` }))
      : Promise.resolve();
  const own = { tail: () => Promise.resolve([]), onDidWrite: undefined };
  return new LogDesk({ hosts, ready, own, clock: systemClock, limits });
}

function follow(name: string, request: Partial<LogFollowRequest> = {}): LogReader {
  const whole = { name, once: false, whenSlow: 'drop', ...request } as const;
  return owned.add(new LogReader((signal) => desk().follow(whole, signal)));
}

async function told(name: string, request: Partial<LogFollowRequest> = {}): Promise<string[]> {
  const reader = follow(name, { once: true, ...request });
  await reader.ended();
  return reader.texts;
}

const log = (container: string, ...texts: string[]): void => {
  for (const text of texts) host.docker.log(container, text);
};

function service(name: string, of = 'shop'): void {
  const labels = { 'com.docker.compose.project': of, 'com.docker.compose.service': name };
  host.docker.run({ name: `${of}_${name}_1`, labels });
}

test('what is there is told, then the log ends; or its last lines, or those since and until a moment', async () => {
  host.docker.run({ name: 'web' });
  log('web', 'a', 'b', 'c');
  expect(await told('web')).toEqual(['a', 'b', 'c']);
  expect(await told('web', { tail: 2 })).toEqual(['b', 'c']);
  expect(await told('web', { tail: 0 })).toEqual([]);
  const { lines } = await desk().read({ name: 'web', tail: 10 }, never);
  expect(await told('web', { since: lines[1]?.at ?? '' })).toEqual(['b', 'c']);
  expect(await told('web', { until: lines[1]?.at ?? '', once: false })).toEqual(['a', 'b']);
});

test('lines that come are told after those that are there, each once, with the stream they came by', async () => {
  host.docker.run({ name: 'web' });
  log('web', 'before');
  const reader = follow('web');
  await reader.until('the first', ({ lines }) => lines.length === 1);
  log('web', 'after');
  host.docker.log('web', 'bad', 'stderr');
  await reader.until('the others', ({ lines }) => lines.length === 3);
  expect(reader.lines.map(({ text, stream, container }) => [text, stream, container])).toEqual([
    ['before', 'stdout', 'web'],
    ['after', 'stdout', 'web'],
    ['bad', 'stderr', 'web'],
  ]);
});

test('over restarts and the loss of the connection each line is told once', async () => {
  host.docker.run({ name: 'web' });
  const reader = follow('web', { tail: 0 });
  const expected: string[] = [];
  const say = (text: string): void => {
    expected.push(text);
    log('web', text);
  };
  await reader.until('the attach', () => host.attaches.some((attach) => attach.follow));
  for (let round = 1; round <= 5; round += 1) {
    say(`${round} runs`);
    host.docker.stop('web');
    say(`${round} last words`);
    host.docker.start('web');
    host.changed();
    say(`${round} runs again`);
    await reader.until('the restart', ({ texts }) => texts.at(-1) === `${round} runs again`);
    host.cut();
    say(`${round} in the dark`);
    host.mend();
    await reader.until('the reconnect', ({ texts }) => texts.at(-1) === `${round} in the dark`);
  }
  expect(reader.texts).toEqual(expected);
});

test('a container that stops, and one that is removed, is said to have, and is followed on when it is there again', async () => {
  host.docker.run({ name: 'web' });
  const reader = follow('web');
  const noted = async (...notes: string[]): Promise<void> => {
    await reader.until(notes.join(), (so) => so.notes.length === notes.length);
    expect(reader.notes).toEqual(notes);
  };
  await reader.until('the attach', () => host.attaches.some((attach) => attach.follow));
  host.docker.stop('web');
  await noted('attached web', 'ended web stopped');
  host.docker.remove('web');
  host.changed();
  await noted('attached web', 'ended web stopped', 'ended web removed');
  host.docker.run({ name: 'web' });
  log('web', 'new');
  host.changed();
  await reader.until('the new one', ({ texts }) => texts.includes('new'));
  await noted('attached web', 'ended web stopped', 'ended web removed', 'attached web');
});

test('a re-attach asks Docker for the end of the log only, and for more where that does not reach back', async () => {
  host.docker.run({ name: 'web' });
  log('web', 'first');
  const reader = follow('web');
  await reader.until('the attach', () => host.attaches.some((attach) => attach.follow));
  host.cut();
  log('web', ...Array.from({ length: 500 }, (_, index) => `dark ${index}`));
  host.mend();
  await reader.until('all', ({ lines }) => lines.length === 501);
  const follows = host.attaches.filter((attach) => attach.follow);
  expect(follows.map(({ tail }) => tail)).toEqual(follows.map(() => 2_000));
  expect(follows.every(({ since }) => since !== undefined)).toBe(true);
});

test('all containers of a project are one log, with a colour for each service, and those that join it later', async () => {
  service('web');
  service('api');
  log('shop_web_1', 'w1');
  log('shop_api_1', 'a1');
  log('shop_web_1', 'w2');
  const reader = follow('shop');
  await reader.until('what was there', ({ lines }) => lines.length === 3);
  service('db');
  log('shop_db_1', 'd1');
  host.changed();
  await reader.until('the newcomer', ({ texts }) => texts.includes('d1'));
  expect(reader.texts).toEqual(['w1', 'a1', 'w2', 'd1']);
  expect(reader.lines.map((line) => line.service)).toEqual(['web', 'api', 'web', 'db']);
  const sources = reader.events.flatMap((event) => (event.kind === 'attached' ? [event.source] : []));
  expect(sources.map(({ container, colour }) => [container, colour]).sort()).toEqual([
    ['shop_api_1', 0],
    ['shop_db_1', 2],
    ['shop_web_1', 1],
  ]);
  expect(await told('shop', { tail: 2 })).toEqual(['w2', 'd1']);
});

test('where a stream costs a session nothing is followed, but asked for again, one after the other', async () => {
  host.keepsStreams = false;
  service('web');
  service('api');
  log('shop_web_1', 'w1');
  log('shop_api_1', 'a1');
  const reader = follow('shop');
  await reader.until('what was there', ({ lines }) => lines.length === 2);
  log('shop_web_1', 'w2');
  await reader.until('what came', ({ lines }) => lines.length === 3);
  expect(reader.texts).toEqual(['w1', 'a1', 'w2']);
  expect(host.attaches.some((attach) => attach.follow)).toBe(false);
});

test('a log that can not be read fails by itself, and in a project is left out and said', async () => {
  service('web');
  service('api');
  log('shop_web_1', 'w1');
  const path = `/containers/${host.docker.daemon.find('shop_api_1')?.id ?? ''}/logs`;
  const refuse = (): void => host.docker.failNext(path, 500, 'configured logging driver does not support reading');
  refuse();
  await expect(told('shop_api_1')).rejects.toMatchObject({ code: 'log-unreadable' });
  refuse();
  const reader = follow('shop');
  await reader.until('the others', ({ lines, notes }) => lines.length === 1 && notes.length === 3);
  expect(reader.notes.at(-1)).toBe('ended shop_api_1 unreadable');
});

test('a reader that is too slow is told how many lines he missed, and gets the newest; one for whom the log waits misses none', async () => {
  host.docker.run({ name: 'web' });
  const texts = Array.from({ length: 300 }, (_, index) => `line ${index + 1}`);
  const reading = async (whenSlow: 'drop' | 'wait'): Promise<{ seen: string[]; gap: number }> => {
    host.attaches.splice(0);
    const small = desk({ lines: 100, bytes: 1e9 });
    const seen: string[] = [];
    let gap = 0;
    const writing = waitFor(() => host.attaches.some((attach) => attach.follow), { what: 'the attach' });
    const written = writing.then(() => log('web', ...texts));
    for await (const event of small.follow({ name: 'web', tail: 0, once: false, whenSlow }, never)) {
      if (event.kind === 'gap') gap += event.lines;
      if (event.kind === 'lines') seen.push(...event.lines.map(({ text }) => text));
      if (seen.at(-1) === 'line 300') break;
    }
    await written;
    return { seen, gap };
  };
  const { seen, gap } = await reading('drop');
  expect([gap, seen]).toEqual([300 - seen.length, texts.slice(gap)]);
  expect(gap).toBeGreaterThan(0);
  expect(await reading('wait')).toEqual({ seen: texts, gap: 0 });
});

test('pages go back to the first line, without loss or doubles, over all of a project', async () => {
  service('web');
  service('api');
  for (let n = 1; n <= 60; n += 1) log(n % 3 === 0 ? 'shop_api_1' : 'shop_web_1', `${n}`);
  const pages: string[][] = [];
  let before: string | undefined;
  for (let more = true; more;) {
    const page = await desk().read({ name: 'shop', tail: 7, ...(before === undefined ? {} : { before }) }, never);
    pages.unshift(page.lines.map(({ text }) => text));
    before = page.lines[0]?.at;
    more = page.more;
  }
  expect(pages.flat()).toEqual(Array.from({ length: 60 }, (_, index) => `${index + 1}`));
  expect(pages.map(({ length }) => length)).toEqual([4, ...Array<number>(8).fill(7)]);
});

test('a name is looked for on all hosts: none, one, several, or one that is out of reach', async () => {
  const other = owned.add(new TestLogHost());
  hosts.set('two', other);
  other.docker.run({ name: 'db' });
  other.docker.log('db', 'from two');
  expect(await told('db')).toEqual(['from two']);
  await expect(told('cache')).rejects.toMatchObject({
    code: 'log-subject-not-found',
    message: 'There is no container or compose project cache on one, two.',
  });
  host.docker.run({ name: 'db' });
  await expect(told('db')).rejects.toMatchObject({ code: 'log-subject-ambiguous' });
  log('db', 'from one');
  expect(await told('db', { hostId: 'one' })).toEqual(['from one']);
  unreachable.add('one');
  expect(await told('db')).toEqual(['from two']);
  await expect(told('cache')).rejects.toMatchObject({ code: 'host-disconnected' });
});
