import { once } from 'node:events';
import { expect, test } from 'vitest';
import { freePort, occupy, pageSoon, testPage } from './support/clients.ts';
import { RealBench } from './support/real-bench.ts';

const bench = new RealBench();

test('a port that another program holds is remapped; who holds it is said, by name and pid', async () => {
  const engine = await bench.engine();
  const port = await freePort();
  const program = await occupy(port);
  bench.defer(() => void program.close());
  const web = await bench.container(['-p', `${port}:80`]);
  const { local, requestedPort, reason } = await engine.untilForward(web);
  expect(requestedPort).toBe(port);
  expect(local.port).not.toBe(port);
  expect(reason?.code).toBe('port-in-use');
  expect(reason?.message).toMatch(new RegExp(`by \\S.*, pid ${process.pid}\\b`));
  expect(reason?.hint).toContain(`localhost:${local.port}`);
  expect(await pageSoon(local.port)).toBe(testPage);
});

test('a remapped port stays what it was told to be when the container is recreated', async () => {
  const engine = await bench.engine();
  const port = await freePort();
  const program = await occupy(port);
  bench.defer(() => void program.close());
  const web = await bench.container(['-p', `${port}:80`]);
  const { local } = await engine.untilForward(web);
  await bench.host.docker(['rm', '-f', web]);
  await engine.untilGone(web);
  program.close();
  await once(program, 'close');
  await bench.host.docker(['run', '-d', '--name', web, '-p', `${port}:80`, 'towline-test:latest']);
  expect((await engine.untilForward(web)).local.port).toBe(local.port);
});

test('with policy require a port that is held is a conflict, and the forward takes it once it is free', async () => {
  const engine = await bench.engine({ settings: { ports: { policy: 'require' } } });
  const port = await freePort();
  const program = await occupy(port);
  bench.defer(() => void program.close());
  const web = await bench.container(['-p', `${port}:80`]);
  const { reason } = await engine.untilForward(web, 'conflict');
  expect(reason?.code).toBe('port-in-use');
  expect(reason?.message).toContain(`pid ${process.pid}`);
  program.close();
  const forward = await engine.untilForward(web);
  expect([forward.local.port, forward.reason]).toEqual([port, undefined]);
  expect(await pageSoon(port)).toBe(testPage);
});

test('of two containers that want one local port the first keeps it, and the other says whose it is', async () => {
  const engine = await bench.engine();
  const port = await freePort();
  const one = await bench.container(['-p', `127.0.0.1:${port}:80`]);
  await engine.untilForward(one);
  const two = await bench.container(['-p', `${bench.host.address}:${port}:80`]);
  const remapped = await engine.untilForward(two);
  expect((await engine.untilForward(one)).local.port).toBe(port);
  expect(remapped.local.port).not.toBe(port);
  expect(remapped.reason?.message).toContain(`${one} of real`);
  expect([await pageSoon(port), await pageSoon(remapped.local.port)]).toEqual([testPage, testPage]);
});

test('two containers that start at once for one local port both answer, each on a port of its own', async () => {
  const engine = await bench.engine();
  const port = await freePort();
  const both = await Promise.all([
    bench.container(['-p', `127.0.0.1:${port}:80`]),
    bench.container(['-p', `${bench.host.address}:${port}:80`]),
  ]);
  const forwards = await Promise.all(both.map((name) => engine.untilForward(name)));
  const ports = forwards.map(({ local }) => local.port);
  expect(ports).toContain(port);
  expect(new Set(ports).size).toBe(2);
  expect(await Promise.all(ports.map((local) => pageSoon(local)))).toEqual([testPage, testPage]);
});
