import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { client, echo, echoSoon, freePort, freePorts, pageSoon, refusal, testPage } from './support/clients.ts';
import { echoOn, RealBench } from './support/real-bench.ts';
import type { RealEngine } from './support/real-engine.ts';

const bench = new RealBench();
const { host } = bench;

/** sshd is gone until the function that this resolves to is called, or the test ends. */
async function withoutSshd(): Promise<() => Promise<void>> {
  let down = true;
  const restore = async () => {
    if (down) await host.sshd.start();
    down = false;
  };
  bench.defer(restore);
  await host.sshd.stop();
  return restore;
}

/** An echo server, forwarded and answering. */
async function echoing(engine: RealEngine): Promise<{ server: string; port: number }> {
  const port = await freePort();
  const server = await bench.container(['-p', `${port}:7`], echoOn(7));
  await engine.untilForward(server);
  await echoSoon(port, 'hello');
  return { server, port };
}

test('after its connection was killed, five times, everything answers again on the same ports', async () => {
  const engine = await bench.engine();
  const { server, port } = await echoing(engine);
  const before = await host.sshd.counts();
  for (let kill = 1; kill <= 5; kill += 1) {
    expect(await host.sshd.killConnections()).toBe(1);
    await engine.until(
      'the next connection',
      ({ connections, state }) => state === 'ready' && connections.opened === 1 + kill,
    );
    await engine.untilForward(server);
    expect([await echo(port, 'again'), await echo(port, 'again', '::1')]).toEqual(['again', 'again']);
  }
  expect((await host.sshd.counts()).connections - before.connections).toBe(5);
});

test('containers started, stopped and recreated while disconnected are right after the reconnect', async () => {
  const engine = await bench.engine();
  const first = await freePorts(3);
  const [stopped, recreated] = [
    await bench.container(['-p', `${first}:80`]),
    await bench.container(['-p', `${first + 1}:80`]),
  ];
  const before = await engine.untilForward(recreated);
  await engine.untilForward(stopped);

  const restore = await withoutSshd();
  await engine.untilForward(stopped, 'holding');
  await host.docker(['stop', stopped]);
  await host.docker(['rm', '-f', recreated]);
  await host.docker(['run', '-d', '--name', recreated, '-p', `${first + 1}:80`, 'towline-test:latest']);
  const started = await bench.container(['-p', `${first + 2}:80`]);
  await restore();

  await engine.untilGone(stopped);
  expect((await engine.untilForward(started)).local.port).toBe(first + 2);
  const after = await engine.untilForward(recreated);
  expect(after.local.port).toBe(first + 1);
  expect(after.containerId).not.toBe(before.containerId);
  expect([await pageSoon(first + 1), await pageSoon(first + 2)]).toEqual([testPage, testPage]);
  expect(await refusal(first)).toBe('ECONNREFUSED');
});

test('a client that comes while the connection is down is served once it is back', async () => {
  const engine = await bench.engine({ settings: { outage: { holdMs: 60_000, suspendAfterMs: 120_000 } } });
  const { server, port } = await echoing(engine);
  const restore = await withoutSshd();
  await engine.untilForward(server, 'holding');
  const held = await client(port);
  held.end('meanwhile');
  await restore();
  expect(await text(held)).toBe('meanwhile');
});

test('a client that has waited for as long as the settings say is reset', async () => {
  const engine = await bench.engine({ settings: { outage: { holdMs: 200 } } });
  const { server, port } = await echoing(engine);
  await withoutSshd();
  await engine.untilForward(server, 'holding');
  await expect(echo(port, 'meanwhile')).rejects.toMatchObject({ code: 'ECONNRESET' });
});

test('an outage that lasts closes the port, and the end of the outage opens the same one', async () => {
  const engine = await bench.engine({ settings: { outage: { suspendAfterMs: 300 } } });
  const { server, port } = await echoing(engine);
  const restore = await withoutSshd();
  await engine.untilForward(server, 'suspended');
  expect([await refusal(port), await refusal(port, '::1')]).toEqual(['ECONNREFUSED', 'ECONNREFUSED']);
  await restore();
  expect((await engine.untilForward(server)).local.port).toBe(port);
  expect(await echoSoon(port, 'back')).toBe('back');
});

test('lost packets only delay: a client of that time is answered over the same connection', async () => {
  const engine = await bench.engine();
  const { port } = await echoing(engine);
  bench.defer(() => host.dropPackets(false));
  await host.dropPackets(true);
  const delayed = echo(port, 'through the silence');
  await engine.until('the client to be there', ({ forwards }) =>
    Object.values(forwards).some(({ active }) => active > 0),
  );
  await host.dropPackets(false);
  expect(await delayed).toBe('through the silence');
  expect(engine.host().connections.opened).toBe(1);
});

test('a transfer that the loss of the connection cuts off ends in a reset, not as if it were whole', async () => {
  const engine = await bench.engine();
  const port = await freePort();
  const server = await bench.container(['-p', `${port}:7`], ['nc', '-ll', '-p', '7', '-e', 'yes']);
  await engine.untilForward(server);
  await engine.until('bytes to flow', async () => {
    const socket = await client(port);
    bench.defer(() => void socket.destroy());
    const [chunk] = (await Promise.race([once(socket, 'data'), once(socket, 'end')])) as [Buffer | undefined];
    if (chunk === undefined) return false;
    const outcome = new Promise<string>((resolve) => {
      socket.once('end', () => resolve('end'));
      socket.once('error', (error: NodeJS.ErrnoException) => resolve(String(error.code)));
    });
    await host.sshd.killConnections();
    expect(await outcome).toBe('ECONNRESET');
    return true;
  });
});

test('a daemon that restarts takes no connection with it; the containers that come back are forwarded', async () => {
  const engine = await bench.engine();
  const first = await freePorts(2);
  const stays = await bench.container(['--restart=always', '-p', `${first}:80`]);
  const goes = await bench.container(['-p', `${first + 1}:80`]);
  await engine.untilForward(stays);
  await engine.untilForward(goes);
  await host.dockerd.restart();
  await engine.untilGone(goes);
  await engine.untilForward(stays);
  await engine.until('the events to come in', ({ events }) => events.state === 'live');
  expect(await pageSoon(first)).toBe(testPage);
  await host.docker(['start', goes]);
  await engine.untilForward(goes);
  expect(await pageSoon(first + 1)).toBe(testPage);
  expect(engine.host().connections.opened).toBe(1);
});
