import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { freePort, pageSoon, testPage } from './support/clients.ts';
import { RealBench } from './support/real-bench.ts';

const bench = new RealBench();
const { host } = bench;

/** The docker command at work through a local socket, until the test ends; resolves with its first output. */
async function using(socket: string, ...args: string[]): Promise<void> {
  const child = spawn('docker', ['-H', `unix://${socket}`, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  const exited = once(child, 'exit');
  bench.defer(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  await once(child.stdout, 'data');
  child.stdout.resume();
}

test('thirty start and stop cycles, with others using the API, cost one connection and one session; a lost connection one more of each', async () => {
  const before = await host.sshd.counts();
  const spent = async () => {
    const { connections, sessions } = await host.sshd.counts();
    return { connections: connections - before.connections, sessions: sessions - before.sessions };
  };
  const engine = await bench.engine();
  const socket = String(engine.host().docker.localSocket);
  const talker = await bench.container([], ['sh', '-c', 'while :; do echo tick; sleep 0.1; done']);
  const port = await freePort();
  const web = await bench.container(['-p', `${port}:80`]);
  await Promise.all([
    using(socket, 'logs', '-f', talker),
    using(socket, 'logs', '-f', '--tail', '1', talker),
    using(socket, 'stats', talker),
    using(socket, 'events', '--since', '1h', '--filter', 'type=container'),
  ]);
  for (let cycle = 0; cycle < 30; cycle += 1) {
    await host.docker(['stop', web]);
    await engine.untilForward(web, 'lingering');
    await host.docker(['-H', `unix://${socket}`, 'start', web]);
    await engine.untilForward(web);
  }
  expect(await pageSoon(port)).toBe(testPage);
  expect(await spent()).toEqual({ connections: 1, sessions: 1 });
  expect(engine.host()).toMatchObject({ connections: { opened: 1 }, sessions: { opened: 1, inUse: 0, peak: 1 } });

  await host.sshd.killConnections();
  await engine.until(
    'the second connection',
    ({ state, connections }) => state === 'ready' && connections.opened === 2,
  );
  await engine.until('its probe', ({ sessions }) => sessions.opened === 2 && sessions.inUse === 0);
  expect(await pageSoon(port)).toBe(testPage);
  expect(await spent()).toEqual({ connections: 2, sessions: 2 });
});
