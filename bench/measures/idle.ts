import { setTimeout as sleep } from 'node:timers/promises';
import { farPort, sample, type Bench } from '../bench.ts';
import { startManyForwards } from '../contenders/openssh.ts';
import { Towline } from '../contenders/towline.ts';
import { createEchoContainer } from '../echo-container.ts';
import { towline, type Figure } from '../figure.ts';
import { cpuMs, rssMib } from '../process-usage.ts';

type Samples = Record<string, number[]>;

const ports = Array.from({ length: 20 }, (_, i) => 24_000 + i);
const settleMs = 5_000;

/** Ten containers with twenty ports, and nothing happens. */
export async function idle(bench: Bench): Promise<Figure[]> {
  const ms = bench.quick ? 15_000 : 60_000;
  const [cpu, memory]: [Samples, Samples] = [{}, {}];
  const containers = await Promise.all(
    ports.slice(0, 10).map((port) => createEchoContainer(bench.docker, port, port + 10)),
  );
  for (const container of containers) await container.start();
  const subject = await Towline.start(bench.place, farPort);
  const openssh = await startManyForwards(bench.place, ports);
  try {
    await sleep(settleMs);
    const both = [subject, openssh].map(({ name, pid = 0 }) => ({ name, pid, before: cpuMs(pid) }));
    const logged = await subject.logBytes();
    await sleep(ms);
    for (const { name, pid, before } of both) {
      sample(cpu, name, ((cpuMs(pid) - before) / ms) * 100);
      sample(memory, name, rssMib(pid));
    }
    const growth = (((await subject.logBytes()) - logged) / ms) * 3_600_000;
    return [
      { what: 'idle with 20 ports: CPU', unit: '% of a core', samples: cpu, goal: { kind: 'at-most', limit: 0.1 } },
      { what: 'idle with 20 ports: RSS', unit: 'MiB', samples: memory, goal: { kind: 'at-most', limit: 86 } }, // 90 MB
      {
        what: 'idle with 20 ports: log',
        unit: 'bytes/h',
        samples: { [towline]: [growth] },
        goal: { kind: 'at-most', limit: 0 },
      },
    ];
  } finally {
    await subject.dispose();
    await openssh.dispose();
    await Promise.all(containers.map((container) => container.remove({ force: true })));
  }
}
