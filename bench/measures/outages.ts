import { setTimeout as sleep } from 'node:timers/promises';
import { farPort, type Bench } from '../bench.ts';
import { Towline } from '../contenders/towline.ts';
import { towline, type Figure } from '../figure.ts';
import { request, untilItWorks } from '../load.ts';

const silenceMs = 45_000;
/** From one kill to the next: each is to be an outage of its own. */
const pauseMs = 10_000;

/** sshd's process for the connection is killed, five times: from before the kill until a new client is answered. */
export async function kills(bench: Bench): Promise<Figure[]> {
  const subject = await Towline.start(bench.place, farPort);
  const times: number[] = [];
  try {
    for (let i = 0; i < (bench.quick ? 3 : 5); i += 1) {
      await sleep(pauseMs);
      const began = performance.now();
      await bench.host.sshd.killConnections();
      await untilItWorks(() => request(subject.address), 30_000);
      times.push(performance.now() - began);
    }
  } finally {
    await subject.dispose();
  }
  return [
    {
      what: 'connection killed → answers again',
      unit: 'ms',
      samples: { [towline]: times },
      goal: { kind: 'at-most', limit: 300 },
    },
  ];
}

/** All packets are lost for 45 s: from their return until a new client is answered. */
export async function silence({ host, place }: Bench): Promise<Figure[]> {
  const subject = await Towline.start(place, farPort);
  try {
    await host.dropPackets(true);
    await sleep(silenceMs).finally(() => host.dropPackets(false));
    const began = performance.now();
    await untilItWorks(() => request(subject.address, 2_000), 60_000, 5);
    const took = performance.now() - began;
    return [
      {
        what: '45 s of silence → answers again',
        unit: 'ms',
        samples: { [towline]: [took] },
        goal: { kind: 'at-most', limit: 1_000 },
      },
    ];
  } finally {
    await subject.dispose();
  }
}
