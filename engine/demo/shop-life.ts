import { sleep, type Clock } from '../base/clock.ts';
import { shop, type DemoContainer } from './containers.ts';
import type { DockerDaemon } from './docker-daemon.ts';
import type { ContainerRecord } from './docker-record.ts';
import type { ShopNetwork } from './shop-network.ts';

interface Stage {
  readonly daemon: DockerDaemon;
  readonly network: ShopNetwork;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * The script of the shop's life: its containers come up one after another, the batch job comes and goes, the web
 * server restarts now and then, the worker writes its log. Resolves when the signal is aborted.
 */
export async function playShop(stage: Stage): Promise<void> {
  await Promise.allSettled([
    appear(stage, shop.cache, 300),
    appear(stage, shop.mail, 900),
    appear(stage, shop.api, 1500),
    web(stage),
    worker(stage),
    batch(stage),
  ]); // each part ends by the abort
}

async function appear(stage: Stage, { spec, services }: DemoContainer, afterMs: number): Promise<ContainerRecord> {
  const { daemon, network, clock, signal } = stage;
  await sleep(clock, afterMs, signal);
  const record = daemon.create(spec);
  const log = (text: string): void => daemon.log(record, text);
  network.serve(record, services(log));
  daemon.start(record);
  log(`${spec.name} is up`);
  return record;
}

async function web(stage: Stage): Promise<never> {
  const { daemon, clock, signal } = stage;
  const record = await appear(stage, shop.web, 2200);
  for (;;) {
    await sleep(clock, 65_000, signal);
    daemon.stop(record);
    await sleep(clock, 600, signal); // about what a real restart takes
    daemon.start(record);
  }
}

async function worker(stage: Stage): Promise<never> {
  const { daemon, clock, signal } = stage;
  const record = await appear(stage, shop.worker, 1900);
  for (let order = 1001; ; order += 1) {
    await sleep(clock, 5000, signal);
    daemon.log(record, `order ${order} packed`);
  }
}

async function batch(stage: Stage): Promise<never> {
  const { daemon, clock, signal } = stage;
  const record = await appear(stage, shop.batch, 4000);
  for (;;) {
    await sleep(clock, 12_000, signal);
    daemon.log(record, 'batch done');
    daemon.exit(record, 0);
    await sleep(clock, 8000, signal);
    daemon.start(record);
  }
}
