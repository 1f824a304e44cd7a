import { farPort, overWire, sample, startWire, type Bench } from '../bench.ts';
import { runPeer, peers } from '../contenders/peers.ts';
import { Towline } from '../contenders/towline.ts';
import { createEchoContainer } from '../echo-container.ts';
import { percentile, towline, type Figure, type Goal } from '../figure.ts';
import { echo, untilItWorks, type Address } from '../load.ts';
import { StartEvents, wallMs } from '../start-events.ts';

/** Ms from the event's own time and from the API call's return until the first byte was echoed. */
interface Times {
  readonly fromEvent: number[];
  readonly fromReturn: number[];
}

// Each start has a port that was free for longer than a closed forward lingers.
const firstPort = 21_000;
const portCount = 40;
const inTurn = 10;
let starts = 0;

/** Container starts, one at a time: how long until its published port answers. */
export async function starts200(bench: Bench): Promise<Figure[]> {
  const count = bench.quick ? 40 : 200;
  const times: Record<string, Times> = {};
  const events = await StartEvents.subscribe(bench.docker);
  try {
    const subject = await Towline.start(bench.place, farPort);
    try {
      for (let done = 0; done < count; done += inTurn) {
        await measure(bench, events, inTurn, timesOf(times, 'direct'), (port) => ({ host: bench.host.address, port }));
        await measure(bench, events, inTurn, timesOf(times, towline), local);
      }
    } finally {
      await subject.dispose();
    }
    for (const peer of peers()) {
      await runPeer(peer, bench, () => measure(bench, events, Math.min(count, 50), timesOf(times, peer.name), local));
    }
  } finally {
    events.dispose();
  }
  return [
    figure('start event → echo, p50', times, 'fromEvent', 50, { kind: 'at-most', limit: 10 }),
    figure('start event → echo, p95', times, 'fromEvent', 95),
    figure('start event → echo, p99', times, 'fromEvent', 99, { kind: 'at-most', limit: 50 }),
    figure('start event → echo, max', times, 'fromEvent', 100),
    figure('start returned → echo, p50', times, 'fromReturn', 50),
  ];
}

/** The same over a wire of 25 ms each way. */
export async function farStarts(bench: Bench): Promise<Figure[]> {
  const count = bench.quick ? 10 : 20;
  const times: Record<string, Times> = {};
  const events = await StartEvents.subscribe(bench.docker);
  const wire = await startWire({ host: bench.host.address, port: bench.host.sshd.port }, 25);
  try {
    const subject = await Towline.start(await overWire(bench, wire), farPort);
    try {
      await measure(bench, events, count, timesOf(times, towline), local);
    } finally {
      await subject.dispose();
    }
  } finally {
    await wire.dispose();
    events.dispose();
  }
  return [
    figure('start event → echo, 25 ms away, p50', times, 'fromEvent', 50, { kind: 'at-most', limit: 190 }),
    figure('start event → echo, 25 ms away, max', times, 'fromEvent', 100),
  ];
}

async function measure(
  bench: Bench,
  events: StartEvents,
  count: number,
  into: Times,
  at: (port: number) => Address,
): Promise<void> {
  for (let i = 0; i < count; i += 1) {
    const port = firstPort + (starts++ % portCount);
    const container = await createEchoContainer(bench.docker, port);
    try {
      const heard = events.next(container.id);
      const returned = container.start().then(wallMs);
      const eventMs = await heard;
      await untilItWorks(() => echo(at(port), 'hello'), 15_000);
      const answered = wallMs();
      into.fromEvent.push(answered - eventMs);
      into.fromReturn.push(answered - (await returned));
    } finally {
      await container.remove({ force: true });
    }
  }
}

const local = (port: number): Address => ({ host: '127.0.0.1', port });

function timesOf(all: Record<string, Times>, name: string): Times {
  return (all[name] ??= { fromEvent: [], fromReturn: [] });
}

function figure(what: string, times: Record<string, Times>, from: keyof Times, percent: number, goal?: Goal): Figure {
  const samples: Record<string, number[]> = {};
  for (const [name, ofName] of Object.entries(times)) sample(samples, name, percentile(ofName[from], percent));
  return { what, unit: 'ms', samples, ...(goal === undefined ? {} : { goal }) };
}
