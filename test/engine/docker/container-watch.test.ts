import { afterEach, beforeEach, expect, test } from 'vitest';
import { silentLogger } from '../../../engine/base/logger.ts';
import { ContainerWatch } from '../../../engine/docker/container-watch.ts';
import type { Inspected } from '../../../engine/docker/containers.ts';
import type { Container } from '../../../shared/container.ts';
import { TestClock } from '../../support/test-clock.ts';

const idOf = (name: string): string => Buffer.from(name).toString('hex').padEnd(64, '0');

function container(name: string, port?: number, more: Partial<Container> = {}): Container {
  const published =
    port === undefined ? [] : [{ hostAddress: '0.0.0.0', hostPort: port, containerPort: 80, protocol: 'tcp' as const }];
  return {
    id: idOf(name),
    name,
    image: 'test',
    labels: {},
    published,
    exposed: [],
    addresses: [],
    hostNetwork: false,
    startedAtMs: 1,
    ...more,
  };
}

/** A daemon whose answers can be held back. */
class Source {
  readonly containers = new Map<string, Inspected>();
  lists = 0;
  inspects = 0;
  failing = false;
  #held: (() => void)[] | undefined;

  run(it: Container, planned?: Inspected['planned']): void {
    this.containers.set(it.id, { container: it, running: true, planned });
  }

  /** From now on answers, as of when they were asked for, wait for the release that is returned, one by one. */
  hold(): (index: number) => void {
    const held: (() => void)[] = (this.#held = []);
    return (index) => held[index]?.();
  }

  unhold(): void {
    this.#held = undefined;
  }

  list(): Promise<Container[]> {
    this.lists += 1;
    return this.#answer([...this.containers.values()].filter(({ running }) => running).map((item) => item.container));
  }

  inspect(id: string): Promise<Inspected | undefined> {
    this.inspects += 1;
    return this.#answer(this.containers.get(id));
  }

  #answer<T>(answer: T): Promise<T> {
    if (this.failing) return Promise.reject(new Error('the daemon is away'));
    const held = this.#held;
    return held === undefined ? Promise.resolve(answer) : new Promise((resolve) => held.push(() => resolve(answer)));
  }
}

let clock: TestClock;
let source: Source;
let watch: ContainerWatch;
let changes: number;

beforeEach(() => {
  clock = new TestClock();
  source = new Source();
  watch = new ContainerWatch({ source, clock, log: silentLogger });
  changes = 0;
  watch.onDidChange(() => (changes += 1));
});
afterEach(async () => {
  await watch.dispose();
  expect(clock.pending).toBe(0);
});

const settled = () => clock.advance(0);
const hear = (action: string, name: string, type: 'container' | 'network' = 'container'): void =>
  watch.observe({ type, action, containerId: idOf(name), name, atMs: 1_000, timeS: 1, fingerprint: '' });
const seen = (): string[] =>
  watch.running.map((item) => `${item.container.name}:${item.container.published.map((p) => p.hostPort).join()}`);

test('a start is looked at at once, before any list', async () => {
  source.run(container('web', 8080));
  hear('start', 'web');
  await settled();
  expect([seen(), source.inspects, source.lists]).toEqual([['web:8080'], 1, 0]);
});

test('ports that are fixed at create are there with the start, without waiting for the look', async () => {
  const web = container('web', 8080);
  source.containers.set(web.id, { container: { ...web, published: [] }, running: false, planned: web.published });
  hear('create', 'web');
  await settled();
  expect([seen(), source.lists]).toEqual([[], 0]);
  const release = source.hold();
  await clock.advance(7);
  hear('start', 'web');
  expect([seen(), watch.running[0]?.startHeardAt, source.inspects]).toEqual([['web:8080'], 7, 1]);
  await settled();
  source.unhold();
  source.containers.clear();
  release(0);
  await clock.advance(200);
  expect(seen()).toEqual([]);
});

test('ports that Docker chooses are those of the look after each start', async () => {
  source.run(container('web', 32_768));
  hear('start', 'web');
  await settled();
  hear('die', 'web');
  source.run(container('web', 32_769));
  hear('start', 'web');
  await settled();
  expect(seen()).toEqual(['web:32769']);
});

test('a container that died is looked at at once, so that clients wait instead of being refused', async () => {
  source.run(container('web', 8080));
  await watch.list();
  source.containers.clear();
  hear('die', 'web');
  await settled();
  expect([seen(), source.lists]).toEqual([[], 1]);
});

test('a network that is disconnected and connected again changes the ports', async () => {
  source.run(container('web', 32_768));
  await watch.list();
  source.run(container('web'));
  hear('disconnect', 'web', 'network');
  await settled();
  expect(seen()).toEqual(['web:']);
  source.run(container('web', 32_770));
  hear('connect', 'web', 'network');
  await settled();
  expect(seen()).toEqual(['web:32770']);
});

test('a rename is seen', async () => {
  source.run(container('web', 8080));
  await watch.list();
  source.run({ ...container('web', 8080), name: 'front' });
  hear('rename', 'web');
  await settled();
  expect(seen()).toEqual(['front:8080']);
});

test('a thousand events in a burst are a few lists and a bounded number of looks at a time', async () => {
  const release = source.hold();
  for (let index = 0; index < 1_000; index += 1) {
    source.run(container(`c${index}`, 10_000 + index));
    hear('start', `c${index}`);
  }
  expect(source.inspects).toBe(32);
  source.unhold();
  for (let index = 0; index < 32; index += 1) release(index);
  await clock.advance(1_000);
  expect([watch.running.length, source.lists]).toEqual([1_000, 1]);
});

test('constant churn does not starve the list', async () => {
  for (let step = 0; step < 100; step += 1) {
    hear('pause', 'web');
    await clock.advance(50);
  }
  expect(source.lists).toBeGreaterThanOrEqual(9);
  expect(source.lists).toBeLessThanOrEqual(11);
});

test('a slow old list neither overrides a newer look nor brings back what has gone', async () => {
  source.run(container('web', 8080));
  source.run(container('gone', 9090));
  await watch.list();
  const release = source.hold();
  const listing = watch.list();
  await settled();
  source.unhold();
  source.run(container('web', 8081));
  source.containers.delete(idOf('gone'));
  hear('restart', 'web');
  hear('die', 'gone');
  await settled();
  release(0);
  await listing;
  expect(seen()).toEqual(['web:8081']);
});

test('a slow old look does not bring back what has gone', async () => {
  source.run(container('job', 8080));
  const release = source.hold();
  hear('start', 'job');
  source.unhold();
  source.containers.clear();
  hear('die', 'job');
  await settled();
  release(0);
  await settled();
  expect(seen()).toEqual([]);
});

test('a container that lived shorter than a look leaves nothing behind', async () => {
  hear('create', 'job');
  hear('start', 'job');
  hear('die', 'job');
  hear('destroy', 'job');
  await clock.advance(1_000);
  expect([seen(), changes, source.lists]).toEqual([[], 0, 1]);
});

test('a look that fails leads to a list, and a list that fails to another', async () => {
  source.run(container('web', 8080));
  source.failing = true;
  hear('start', 'web');
  await clock.advance(600);
  source.failing = false;
  await clock.advance(2_000);
  expect(seen()).toEqual(['web:8080']);
  expect(watch.running[0]?.startHeardAt).toBe(0);
});

test('what is known stays while the daemon is away', async () => {
  source.run(container('web', 8080));
  await watch.list();
  source.failing = true;
  await expect(watch.list()).rejects.toThrow('away');
  expect(seen()).toEqual(['web:8080']);
});

test('without any event it lists once a minute, and a list that tells nothing new is no change', async () => {
  source.run(container('web', 8080));
  await watch.list();
  await clock.advance(125_000);
  expect([source.lists, changes]).toEqual([3, 1]);
});

test('what only inspect tells survives the list, and a host-network container is inspected for it', async () => {
  const exposed = [{ containerPort: 80, protocol: 'tcp' as const }];
  const full = container('web', undefined, { hostNetwork: true, exposed, startedAtMs: 5 });
  source.run(full);
  const list = source.list.bind(source);
  source.list = async () => (await list()).map((item) => ({ ...item, exposed: [], startedAtMs: 1, image: 'sha256:1' }));
  await watch.list();
  await settled();
  await watch.list();
  expect(watch.running.map((item) => item.container)).toEqual([full]);
});
