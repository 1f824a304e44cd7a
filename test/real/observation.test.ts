import { expect, test } from 'vitest';
import { silentLogger } from '../../engine/base/logger.ts';
import { openWebDoor } from '../../engine/serve/web-door.ts';
import type { TimelineEntry } from '../../shared/timeline.ts';
import { readExposition, valueOf, type ReadSample } from '../support/exposition-text.ts';
import { waitFor } from '../support/wait-for.ts';
import { freePort, page, pageSoon, refusal, testPage } from './support/clients.ts';
import { RealBench } from './support/real-bench.ts';
import { hostId, type RealEngine } from './support/real-engine.ts';

const bench = new RealBench();
const { host } = bench;
const scrapeToken = 'scrape-scrape-scrape-scrape-scra';

/** An engine's figures, as a scraper gets them through its door. */
async function scraper(engine: RealEngine): Promise<() => Promise<ReadSample[]>> {
  const door = bench.add(await openWebDoor({ commands: engine.engine, log: silentLogger, port: 0, scrapeToken }));
  return async () => {
    const headers = { authorization: `Bearer ${scrapeToken}`, connection: 'close' };
    const answer = await fetch(`http://127.0.0.1:${door.port}/metrics`, { headers });
    return readExposition(await answer.text());
  };
}

test('what is scraped while containers start and stop agrees with sshd’s own log, also after a lost connection', async () => {
  const before = await host.sshd.counts();
  const engine = await bench.engine();
  const scrape = await scraper(engine);
  const port = await freePort();
  const web = await bench.container(['-p', `${port}:80`]);
  await engine.untilForward(web);
  await pageSoon(port);
  const labels = { host: hostId };
  const agree = async (): Promise<ReadSample[]> => {
    const { connections, sessions } = await host.sshd.counts();
    const samples = await scrape();
    const told = {
      connections: valueOf(samples, 'towline_ssh_connections_opened_total', labels),
      sessions: valueOf(samples, 'towline_ssh_sessions_opened_total', labels),
    };
    expect(told).toEqual({ connections: connections - before.connections, sessions: sessions - before.sessions });
    return samples;
  };
  for (let cycle = 0; cycle < 3; cycle += 1) {
    expect(valueOf(await agree(), 'towline_forwards', { ...labels, state: 'listening' })).toBe(1);
    await host.docker(['stop', web]);
    await engine.untilGone(web);
    expect(valueOf(await agree(), 'towline_forwards', { ...labels, state: 'listening' })).toBe(0);
    await host.docker(['start', web]);
    await engine.untilForward(web);
    expect(await pageSoon(port)).toBe(testPage);
  }
  await engine.until('the page to be counted', () => (engine.of(web)[0]?.bytesDown ?? 0) > testPage.length);
  const busy = await agree();
  const ofWeb = { ...labels, container: web };
  expect(valueOf(busy, 'towline_forward_bytes_total', { ...ofWeb, direction: 'down' })).toBeGreaterThan(
    testPage.length,
  );
  // a look that was under way can see the container run before its start is heard of: that opening is not timed
  expect(valueOf(busy, 'towline_forward_opening_seconds_count', labels)).toBeLessThanOrEqual(4);
  expect(valueOf(busy, 'towline_docker_events_received_total', labels)).toBeGreaterThanOrEqual(8);

  await host.sshd.killConnections();
  await engine.until('the second probe', ({ sessions }) => sessions.opened === 2 && sessions.inUse === 0);
  await engine.ready();
  expect(valueOf(await agree(), 'towline_ssh_reconnects_total', labels)).toBe(1);
});

test('the timeline tells how a connection was made, lost and made again, and what containers and forwards did', async () => {
  const engine = await bench.engine();
  const { timeline } = engine.engine;
  const port = await freePort();
  const web = await bench.container(['-p', `${port}:80`]);
  await engine.untilForward(web);
  await host.sshd.killConnections();
  await engine.until('the second connection', ({ connections }) => connections.opened === 2);
  await engine.ready();
  await host.docker(['rm', '-f', web]);
  await engine.untilGone(web);

  const told = timeline.read({ hostId });
  const of = <K extends TimelineEntry['kind']>(kind: K) =>
    told.filter((entry): entry is TimelineEntry & { kind: K } => entry.kind === kind);
  expect(of('connection').map(({ state }) => state)).toEqual([
    ...['connecting', 'authenticating', 'ready'],
    ...['reconnecting', 'connecting', 'authenticating', 'ready'],
  ]);
  const lost = of('connection').find(({ state }) => state === 'reconnecting');
  expect([lost?.reason?.code !== undefined, (lost?.lastedMs ?? -1) >= 0]).toEqual([true, true]);
  expect(of('docker')).toMatchObject([
    { state: 'reachable', endpoint: '/var/run/docker.sock' },
    { state: 'reachable' },
  ]);
  expect(of('events').map(({ state }) => state)).toEqual(['live', 'ended', 'live']);
  expect(of('events')[1]).toMatchObject({ attempt: 1, reason: { code: expect.any(String) as string } });
  const actions = of('container').filter(({ container }) => container === web);
  expect(actions.map(({ action }) => action)).toEqual(expect.arrayContaining(['create', 'start', 'die', 'destroy']));
  const forwards = of('forward').filter(({ container }) => container === web);
  expect(forwards[0]).toMatchObject({ state: 'listening', local: { port } });
  expect(forwards.at(-1)).toMatchObject({ state: 'closed' });
  expect(engine.host().events.ended).toHaveLength(1);
});

test('a port behind which no service listens is warned of, and no more once it answers', async () => {
  const engine = await bench.engine();
  const port = await freePort();
  const program = 'while [ ! -e /go ]; do sleep 0.1; done; exec httpd -f -p 80 -h /www';
  const web = await bench.container(['-p', `${port}:80`], ['sh', '-c', program]);
  await engine.untilForward(web);
  const code = 'forward-unreachable';
  const warned = (): boolean =>
    Object.values(engine.engine.store.state.alerts ?? {}).some((alert) => alert.code === code);
  await waitFor(
    async () => {
      await refusal(port);
      return warned();
    },
    { what: 'the warning', timeoutMs: 20_000 },
  );
  await host.docker(['exec', web, 'touch', '/go']);
  await pageSoon(port);
  expect(await page(port)).toBe(testPage);
  await waitFor(() => !warned(), { what: 'the warning to clear', timeoutMs: 20_000 });
  const alerts = engine.engine.timeline.read({ hostId, kinds: ['alert'] });
  expect(alerts.map((entry) => 'state' in entry && entry.state)).toEqual(['raised', 'cleared']);
});
