import type { Socket } from 'node:net';
import { farPort, sample, withContenders, type Bench } from '../bench.ts';
import { startOpenSsh } from '../contenders/openssh.ts';
import { Towline } from '../contenders/towline.ts';
import type { Figure } from '../figure.ts';
import { exchange, open, type Address } from '../load.ts';
import { rssMib } from '../process-usage.ts';
import { purpose } from '../far-end.ts';

type Samples = Record<string, number[]>;

const count = 1_000;

/** A thousand connections at once through one forward: how many still answer when asked again, and what each costs. */
export async function connections(bench: Bench): Promise<Figure[]> {
  const [lost, memory, time]: [Samples, Samples, Samples] = [{}, {}, {}];
  await withContenders(
    [startOpenSsh('ssh -N -L', bench.place, farPort), Towline.start(bench.place, farPort)],
    async (all) => {
      for (const { name, address, pid = 0 } of all) {
        const before = rssMib(pid);
        const began = performance.now();
        const sockets = await openMany(address);
        sample(time, name, performance.now() - began);
        const answers = await Promise.allSettled(sockets.map((socket) => exchange(socket, 'again')));
        sample(memory, name, ((rssMib(pid) - before) * 1024) / count);
        sample(lost, name, count - answers.filter(({ status }) => status === 'fulfilled').length);
        for (const socket of sockets) socket.destroy();
      }
    },
  );
  return [
    { what: '1,000 connections: lost', unit: '', samples: lost, goal: { kind: 'at-most', limit: 0 } },
    { what: '1,000 connections: memory of each', unit: 'KiB', samples: memory, goal: { kind: 'at-most', limit: 16 } },
    { what: '1,000 connections: all answered after', unit: 'ms', samples: time },
  ];
}

/** Those of the thousand that were answered once. */
async function openMany(address: Address): Promise<Socket[]> {
  const attempts = await Promise.allSettled(Array.from({ length: count }, () => openOne(address)));
  return attempts.flatMap((attempt) => (attempt.status === 'fulfilled' ? [attempt.value] : []));
}

async function openOne(address: Address): Promise<Socket> {
  const socket = await open(address);
  socket.on('error', () => undefined);
  await exchange(socket, `${purpose.echo}hello`, 5);
  return socket;
}
