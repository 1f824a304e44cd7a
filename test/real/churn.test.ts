import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { waitFor } from '../support/wait-for.ts';
import { testImage } from './host/image.ts';
import { freePort, freePorts, page, pageSoon, testPage } from './support/clients.ts';
import { RealBench } from './support/real-bench.ts';

const bench = new RealBench();
const { host } = bench;

const openFiles = async () => (await readdir('/proc/self/fd')).length;

/** Does `work` for each number below `count`, `atOnce` of them at a time. */
async function each(count: number, atOnce: number, work: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

test('60 ports of 20 containers come and go, each on its own local port', async () => {
  const containers = 20;
  const engine = await bench.engine();
  const first = await freePorts(containers * 3);
  const files = await openFiles();
  const names = Array.from({ length: containers }, () => bench.name('churn'));
  bench.defer(async () => void (await host.docker(['rm', '-f', ...names]).catch(() => undefined)));
  await each(containers, 2, (index) => {
    const from = first + index * 3;
    return host.docker(['run', '-d', '--name', String(names[index]), '-p', `${from}-${from + 2}:80-82`, testImage]);
  });
  const forwards = await engine.until('all forwards', () => {
    const { forwards: all } = engine;
    return all.length === containers * 3 && all.every(({ state }) => state === 'listening') && all;
  });
  const ports = forwards.map(({ local }) => local.port).sort((a, b) => a - b);
  expect(ports).toEqual(Array.from({ length: containers * 3 }, (_, offset) => first + offset));
  await each(containers, 8, async (index) => expect(await pageSoon(first + index * 3)).toBe(testPage));

  await host.docker(['rm', '-f', ...names]);
  await engine.until('no forwards', () => engine.forwards.length === 0);
  await waitFor(async () => (await openFiles()) <= files, { what: `${files} open files again`, timeoutMs: 20_000 });
  expect(engine.host().connections.opened).toBe(1);
});

test('two thousand short connections leave no channel and no file behind', async () => {
  const engine = await bench.engine();
  const port = await freePort();
  const web = await bench.container(['-p', `${port}:80`]);
  await engine.untilForward(web);
  await pageSoon(port);
  const atRest = () => engine.of(web).find(({ active, total }) => active === 0 && total > 0);
  const { total } = await engine.until('rest', atRest);
  const [files, channels] = [await openFiles(), engine.host().channels.open];
  await each(2_000, 20, async () => expect(await page(port)).toBe(testPage));
  await engine.until('channels as before', ({ channels: { open } }) => open <= channels);
  await waitFor(async () => (await openFiles()) <= files, { what: `${files} open files again`, timeoutMs: 20_000 });
  expect((await engine.until('rest', atRest)).total).toBeGreaterThanOrEqual(total + 2_000);
});
