import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { client, echoSoon, freePort, page, pageSoon, refusal, testPage } from './support/clients.ts';
import { echoOn, RealBench } from './support/real-bench.ts';
import type { RealEngine } from './support/real-engine.ts';
import type { ForwardStateName } from '../../shared/forward.ts';

const bench = new RealBench();
const { host } = bench;

/** A web server or, with a command, something else, forwarded on one port and answering. */
async function forwarded(options: readonly string[] = []): Promise<{ engine: RealEngine; web: string; port: number }> {
  const engine = await bench.engine();
  const port = await freePort();
  const web = await bench.container([...options, '-p', `${port}:80`]);
  await engine.untilForward(web);
  await pageSoon(port);
  return { engine, web, port };
}

/** Every state that the container's forwards go through from here on; `gone` for none. */
function statesOf(engine: RealEngine, container: string): () => (ForwardStateName | 'gone')[] {
  const seen: (ForwardStateName | 'gone')[] = [];
  const look = () => {
    const state = engine.of(container)[0]?.state ?? 'gone';
    if (seen.at(-1) !== state) seen.push(state);
  };
  look();
  bench.add(engine.engine.store.onDidChange(look));
  return () => seen;
}

test.each([
  ['stop', ['stop']],
  ['kill', ['kill']],
  ['rm -f', ['rm', '-f']],
])('after docker %s the local port lingers, then closes', async (_, command) => {
  const { engine, web, port } = await forwarded();
  const states = statesOf(engine, web);
  await host.docker([...command, web]);
  await engine.untilGone(web);
  expect(states()).toEqual(['listening', 'lingering', 'gone']);
  expect([await refusal(port), await refusal(port, '::1')]).toEqual(['ECONNREFUSED', 'ECONNREFUSED']);
});

test('a stopped container that is started again gets its port back', async () => {
  const { engine, web, port } = await forwarded();
  await host.docker(['stop', web]);
  await engine.untilGone(web);
  await host.docker(['start', web]);
  await engine.untilForward(web);
  expect(await pageSoon(port)).toBe(testPage);
});

test('twenty restarts in a row never close the local port', async () => {
  const { engine, web, port } = await forwarded();
  const states = statesOf(engine, web);
  let restarting = true;
  const clients = (async () => {
    const outcomes = new Set<string | undefined>();
    while (restarting) outcomes.add(await refusal(port));
    return outcomes;
  })();
  for (let round = 0; round < 20; round += 1) await host.docker(['restart', '-t', '0', web]);
  restarting = false;
  expect(await clients).not.toContain('ECONNREFUSED'); // one that was being served is cut, as it must be
  await engine.untilForward(web);
  expect(await pageSoon(port)).toBe(testPage);
  expect(states()).not.toContain('gone');
  expect(new Set(states())).toEqual(new Set(['listening', 'lingering']));
});

test('a client that comes between stop and start is held, and served when the container runs again', async () => {
  const engine = await bench.engine();
  const port = await freePort();
  const web = await bench.container(['-p', `${port}:7`], echoOn(7));
  await engine.untilForward(web);
  await echoSoon(port, 'before');
  await host.docker(['stop', web]);
  await engine.untilForward(web, 'lingering');
  const held = await client(port);
  await host.docker(['start', web]);
  await engine.untilForward(web);
  held.end('meanwhile');
  expect(await text(held)).toBe('meanwhile');
});

test('a paused container keeps its forward, and a client that comes meanwhile is answered after unpause', async () => {
  const { engine, web, port } = await forwarded();
  const states = statesOf(engine, web);
  await host.docker(['pause', web]);
  bench.defer(async () => void (await host.docker(['unpause', web]).catch(() => undefined)));
  const answer = page(port);
  await engine.until('the client to be carried', () => engine.of(web)[0]?.active === 1);
  await host.docker(['unpause', web]);
  expect(await answer).toBe(testPage);
  expect(states()).toEqual(['listening']);
});

test('a renamed container has its forward under the new name, on the same port', async () => {
  const { engine, web, port } = await forwarded();
  const renamed = bench.name();
  bench.removed(renamed);
  await host.docker(['rename', web, renamed]);
  expect((await engine.untilForward(renamed)).local.port).toBe(port);
  await engine.untilGone(web);
  expect(await page(port)).toBe(testPage);
});

test('docker update leaves the forward as it is', async () => {
  const { engine, web, port } = await forwarded();
  const states = statesOf(engine, web);
  const { received } = engine.host().events;
  await host.docker(['update', '--restart', 'on-failure', web]);
  await engine.until('the event', ({ events }) => events.received > received);
  expect(await page(port)).toBe(testPage);
  expect(states()).toEqual(['listening']);
});

test('a container that leaves its network and comes back has its port again', async () => {
  const { engine, web, port } = await forwarded();
  await host.docker(['network', 'disconnect', 'bridge', web]);
  await engine.untilGone(web);
  await host.docker(['network', 'connect', 'bridge', web]);
  await engine.untilForward(web);
  expect(await pageSoon(port)).toBe(testPage);
});

test('a crash loop does not flap the local port', async () => {
  const engine = await bench.engine();
  const port = await freePort();
  const web = await bench.container(['--restart=always', '-p', `${port}:80`], ['sleep', '0.1']);
  await engine.until('the forward', () => engine.of(web).length === 1);
  const states = statesOf(engine, web);
  const restarts = async () => Number(await host.docker(['inspect', '-f', '{{.RestartCount}}', web]));
  await engine.until('four restarts', async () => (await restarts()) >= 4);
  expect(states()).not.toContain('gone');
});

test('a recreated container keeps its local port, and the first client after it is served', async () => {
  const { engine, web, port } = await forwarded();
  const { containerId } = await engine.untilForward(web);
  const states = statesOf(engine, web);
  await host.docker(['rm', '-f', web]);
  await host.docker(['run', '-d', '--name', web, '-p', `${port}:80`, 'towline-test:latest']);
  await engine.until('the new container', () => {
    const [forward] = engine.of(web);
    return forward?.state === 'listening' && forward.containerId !== containerId;
  });
  expect(await pageSoon(port)).toBe(testPage);
  expect(states()).toEqual(['listening', 'lingering', 'listening']);
});

test('a container that is recreated on another host port moves there, and its old local port closes', async () => {
  const { engine, web, port } = await forwarded();
  const other = await freePort();
  await host.docker(['rm', '-f', web]);
  await host.docker(['run', '-d', '--name', web, '-p', `${other}:80`, 'towline-test:latest']);
  await engine.until('only the new port', () => {
    const [forward, ...others] = engine.of(web);
    return others.length === 0 && forward?.state === 'listening' && forward.local.port === other;
  });
  expect(await pageSoon(other)).toBe(testPage);
  expect(await refusal(port)).toBe('ECONNREFUSED');
});

test('a client whose container is killed hears of it at once', async () => {
  const engine = await bench.engine();
  const port = await freePort();
  const web = await bench.container(['-p', `${port}:7`], echoOn(7));
  await engine.untilForward(web);
  await echoSoon(port, 'before');
  const socket = await client(port);
  socket.write('hello');
  await once(socket, 'data');
  const over = Promise.race([once(socket, 'end'), once(socket, 'close')]).catch(() => undefined); // as the kernel there says
  await host.docker(['kill', web]);
  await over;
  socket.destroy();
  await host.docker(['start', web]);
  await engine.untilForward(web);
  expect(await echoSoon(port, 'after')).toBe('after');
});
