import { farPort, overWire, rounds, sample, startWire, withContenders, type Bench } from '../bench.ts';
import { everyWay } from '../contenders/all.ts';
import { existing, type Contender } from '../contenders/contender.ts';
import { startOpenSsh } from '../contenders/openssh.ts';
import { Towline } from '../contenders/towline.ts';
import type { Figure } from '../figure.ts';
import { download, upload } from '../load.ts';
import { cpuMs } from '../process-usage.ts';

type Samples = Record<string, number[]>;

/** One stream through each way, Mbit/s at the receiver, and the CPU that the forwarder spent on it. */
export async function throughput(bench: Bench): Promise<Figure[]> {
  const ms = bench.quick ? 1_000 : 2_000;
  const [down, up, downCpu, upCpu]: [Samples, Samples, Samples, Samples] = [{}, {}, {}, {}];
  await withContenders(everyWay(bench), async (all) => {
    for (let round = 0; round < rounds(bench); round += 1) {
      for (const contender of all) {
        await measured(contender, () => download(contender.address, ms), down, downCpu);
        await measured(contender, () => upload(contender.address, ms), up, upCpu);
      }
    }
  });
  return [
    {
      what: 'download',
      unit: 'Mbit/s',
      samples: down,
      goal: { kind: 'at-least-times', rival: 'ssh -N -L', factor: 1 },
    },
    {
      what: 'download, same cipher',
      unit: 'Mbit/s',
      samples: down,
      goal: { kind: 'at-least-times', rival: 'ssh -L gcm', factor: 0.75 },
    },
    { what: 'upload', unit: 'Mbit/s', samples: up, goal: { kind: 'at-least-times', rival: 'ssh -N -L', factor: 1 } },
    {
      what: 'upload, same cipher',
      unit: 'Mbit/s',
      samples: up,
      goal: { kind: 'at-least-times', rival: 'ssh -L gcm', factor: 0.75 },
    },
    {
      what: 'CPU, download',
      unit: 's/GB',
      samples: downCpu,
      goal: { kind: 'at-most-times', rival: 'ssh -N -L', factor: 1.2 },
    },
    {
      what: 'CPU, upload',
      unit: 's/GB',
      samples: upCpu,
      goal: { kind: 'at-most-times', rival: 'ssh -N -L', factor: 1.2 },
    },
  ];
}

/** One download over a round trip of 50 ms. */
export async function farThroughput(bench: Bench): Promise<Figure[]> {
  const ms = bench.quick ? 2_500 : 4_000;
  const samples: Samples = {};
  const wire = await startWire({ host: bench.host.address, port: bench.host.sshd.port }, 25);
  const directWire = await startWire({ host: bench.host.address, port: farPort }, 25);
  try {
    const place = await overWire(bench, wire);
    const direct = Promise.resolve(existing('direct', directWire));
    await withContenders(
      [direct, startOpenSsh('ssh -N -L', place, farPort), Towline.start(place, farPort)],
      async (all) => {
        for (let round = 0; round < rounds(bench, 3); round += 1) {
          for (const { name, address } of all) sample(samples, name, (await download(address, ms)).mbits);
        }
      },
    );
  } finally {
    await wire.dispose();
    await directWire.dispose();
  }
  return [
    {
      what: 'download, 50 ms RTT',
      unit: 'Mbit/s',
      samples,
      goal: { kind: 'at-least-times', rival: 'ssh -N -L', factor: 3 },
    },
  ];
}

async function measured(
  { name, pid }: Contender,
  transfer: () => Promise<{ mbits: number; bytes: number }>,
  rates: Samples,
  cpu: Samples,
): Promise<void> {
  const before = pid === undefined ? 0 : cpuMs(pid);
  const { mbits, bytes } = await transfer();
  sample(rates, name, mbits);
  if (pid !== undefined) sample(cpu, name, (cpuMs(pid) - before) / 1_000 / (bytes / 1e9));
}
