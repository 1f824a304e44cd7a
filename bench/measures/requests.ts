import { rounds, sample, withContenders, type Bench } from '../bench.ts';
import { everyWay } from '../contenders/all.ts';
import { percentile, type Figure } from '../figure.ts';
import { exchange, open, request, type Address } from '../load.ts';
import { purpose } from '../far-end.ts';

type Samples = Record<string, number[]>;

const message = 'x'.repeat(64);

/** Small requests: on a new connection each, on a standing one, and sixteen clients at a time. */
export async function requests(bench: Bench): Promise<Figure[]> {
  const fresh: [Samples, Samples] = [{}, {}];
  const standing: [Samples, Samples] = [{}, {}];
  const many: Samples = {};
  const count = bench.quick ? 40 : 100;
  await withContenders(everyWay(bench), async (all) => {
    for (let round = 0; round < rounds(bench); round += 1) {
      for (const { name, address } of all) {
        note(fresh, name, await freshTimes(address, count));
        note(standing, name, await pingPongTimes(address, count * 10));
        sample(many, name, await requestsPerSecond(address, bench.quick ? 500 : 1_000));
      }
    }
  });
  return [
    { what: 'new connection + request, p50', unit: 'ms', samples: fresh[0], goal: { kind: 'at-most', limit: 2 } },
    { what: 'new connection + request, p99', unit: 'ms', samples: fresh[1] },
    {
      what: '64 B ping-pong, p50',
      unit: 'ms',
      samples: standing[0],
      goal: { kind: 'at-most-times', rival: 'ssh -N -L', factor: 1.5 },
    },
    { what: '64 B ping-pong, p99', unit: 'ms', samples: standing[1] },
    {
      what: 'requests, 16 at a time',
      unit: '/s',
      samples: many,
      goal: { kind: 'at-least-times', rival: 'ssh -N -L', factor: 1 },
    },
  ];
}

function note([p50, p99]: [Samples, Samples], name: string, times: readonly number[]): void {
  sample(p50, name, percentile(times, 50));
  sample(p99, name, percentile(times, 99));
}

async function freshTimes(address: Address, count: number): Promise<number[]> {
  const times = [];
  for (let i = 0; i < count; i += 1) times.push(await timed(() => request(address)));
  return times;
}

async function pingPongTimes(address: Address, count: number): Promise<number[]> {
  const socket = await open(address);
  socket.on('error', () => undefined);
  const times = [];
  await exchange(socket, purpose.echo + message, message.length);
  for (let i = 0; i < count; i += 1) times.push(await timed(() => exchange(socket, message)));
  socket.destroy();
  return times;
}

async function requestsPerSecond(address: Address, ms: number): Promise<number> {
  const began = performance.now();
  let done = 0;
  const client = async (): Promise<void> => {
    for (; performance.now() - began < ms; done += 1) await request(address);
  };
  await Promise.all(Array.from({ length: 16 }, client));
  return done / ((performance.now() - began) / 1_000);
}

async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
