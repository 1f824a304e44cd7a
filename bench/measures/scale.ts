import { setTimeout as sleep } from 'node:timers/promises';
import { farPort, openBench, sample, type Bench } from '../bench.ts';
import { startManyForwards } from '../contenders/openssh.ts';
import { peers, runPeer } from '../contenders/peers.ts';
import { Towline } from '../contenders/towline.ts';
import { createEchoContainer } from '../echo-container.ts';
import { towline, type Figure } from '../figure.ts';
import { echo, untilItWorks } from '../load.ts';
import { cpuMs, rssMib } from '../process-usage.ts';

type Samples = Record<string, number[]>;

const firstPort = 22_000;
/** So many ports are tried at a time. */
const checkers = 20;

/** A host of its own with 200 containers and 500 published ports: when all of them work, and what it costs to hold them. */
export async function scale(shared: Bench): Promise<Figure[]> {
  const { quick } = shared;
  const containers = quick ? 40 : 200;
  const [fromStart, fromReady, memory, idle]: [Samples, Samples, Samples, Samples] = [{}, {}, {}, {}];
  const bench = await openBench(quick);
  try {
    bench.progress(`  starting ${containers} containers`);
    const ports = await startContainers(bench, containers);
    for (let round = 0; round < (quick ? 1 : 3); round += 1) {
      const subject = await Towline.start(bench.place, farPort);
      try {
        const at = await allWork(ports);
        sample(fromStart, towline, at - subject.startedAt);
        sample(fromReady, towline, at - subject.readyAt);
        await hold(subject.pid, towline, quick, memory, idle);
      } finally {
        await subject.dispose();
      }
    }
    const openssh = await startManyForwards(bench.place, ports);
    await sleep(3_000);
    await hold(openssh.pid ?? 0, openssh.name, quick, memory, idle);
    await openssh.dispose();
    for (const peer of peers()) {
      const took = await runPeer(peer, bench, async (startedAt) => (await allWork(ports)) - startedAt, 0);
      sample(fromStart, peer.name, took);
    }
    const what = `${ports.length} ports of ${containers} containers`;
    return [
      {
        what: `${what}: all work, from ready`,
        unit: 'ms',
        samples: fromReady,
        goal: { kind: 'at-most', limit: 1_500 },
      },
      { what: `${what}: all work, from process start`, unit: 'ms', samples: fromStart },
      { what: `${what}: RSS`, unit: 'MiB', samples: memory, goal: { kind: 'at-most', limit: 124 } }, // 130 MB
      { what: `${what}: idle CPU`, unit: '% of a core', samples: idle },
    ];
  } finally {
    await bench.dispose();
  }
}

/** Two and three ports in turn. */
async function startContainers({ docker }: Bench, count: number): Promise<number[]> {
  const ports: number[] = [];
  const starts = Array.from({ length: count }, (_, i) => {
    const own = Array.from({ length: 2 + (i % 2) }, () => firstPort + ports.push(0) - 1);
    return async (): Promise<void> => {
      const container = await createEchoContainer(docker, ...own);
      await container.start();
    };
  });
  await Promise.all(Array.from({ length: 4 }, () => inTurn(starts)));
  return ports.map((_, i) => firstPort + i);
}

/** Resolves when the last port has answered, to the time of that. */
async function allWork(ports: readonly number[]): Promise<number> {
  const checks = ports.map((port) => () => untilItWorks(() => echo({ host: '127.0.0.1', port }, 'hello'), 60_000, 5));
  await Promise.all(Array.from({ length: checkers }, () => inTurn(checks)));
  return performance.now();
}

async function inTurn(work: (() => Promise<unknown>)[]): Promise<void> {
  for (let next = work.shift(); next !== undefined; next = work.shift()) await next();
}

async function hold(pid: number, name: string, quick: boolean, memory: Samples, idle: Samples): Promise<void> {
  await sleep(2_000);
  const ms = quick ? 5_000 : 10_000;
  const before = cpuMs(pid);
  await sleep(ms);
  sample(idle, name, ((cpuMs(pid) - before) / ms) * 100);
  sample(memory, name, rssMib(pid));
}
