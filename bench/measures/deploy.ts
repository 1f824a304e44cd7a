import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { testImage } from '../../test/real/host/image.ts';
import { probeHttp } from '../../test/support/http-probe.ts';
import { farPort, overWire, rounds, sample, type Bench } from '../bench.ts';
import { classicDeploy, tarOverSsh } from '../contenders/classic.ts';
import type { SshPlace } from '../contenders/contender.ts';
import { addStack, deployed } from '../contenders/towline-deploy.ts';
import { Towline } from '../contenders/towline.ts';
import { towline, type Figure } from '../figure.ts';
import { rssMib } from '../process-usage.ts';
import { makeLargeTree, makeStackTree } from '../stack-tree.ts';
import { startThinWire } from '../thin-wire.ts';

type Samples = Record<string, number[]>;

const stack = 'page';
const rival = 'tar | ssh';
const scripted = 'a connection per step';
const mbits = 100;
const probePort = 18_399;

/** A stack is shipped, first as a whole and then with one small change, beside what one types without Towline. */
export async function deploy(bench: Bench): Promise<Figure[]> {
  const wire = await startThinWire({ host: bench.place.address, port: bench.place.port }, mbits);
  try {
    return [
      ...(await counts(bench)),
      ...(await uploads(bench, bench.place, '', {})),
      ...(await uploads(bench, await overWire(bench, wire), `, ${mbits} Mbit/s`, { times: 10 })),
      ...(await memory(bench)),
      ...(await neighbours(bench)),
    ];
  } finally {
    await wire.dispose();
  }
}

/** The first deployment of a stack in five parts, from nothing; sshd's log counts. */
async function counts(bench: Bench): Promise<Figure[]> {
  const tree = await makeStackTree(1);
  const [connections, sessions, seconds]: [Samples, Samples, Samples] = [{}, {}, {}];
  const parts = ['compose.yml', 'www', 'src', 'assets', 'notes'];
  await writeFile(join(tree.dir, 'notes'), 'of the stack\n');
  const counted = async (name: string, work: () => Promise<number>): Promise<void> => {
    const before = await bench.host.sshd.counts();
    sample(seconds, name, (await work()) / 1_000);
    const after = await bench.host.sshd.counts();
    sample(connections, name, after.connections - before.connections);
    sample(sessions, name, after.sessions - before.sessions);
    await clear(bench);
  };
  await counted(scripted, () => classicDeploy(bench.place, tree.dir, parts, `towline/${stack}`));
  const before = await bench.host.sshd.counts();
  const subject = await Towline.start(bench.place, farPort);
  try {
    const opened = (await bench.host.sshd.counts()).connections - before.connections;
    await addStack(subject, stack, tree.dir);
    await counted(towline, async () => (await deployed(subject, stack)).totalMs);
    sample(connections, towline, opened + (connections[towline]?.pop() ?? Number.NaN));
  } finally {
    await subject.dispose();
    await tree.dispose();
  }
  return [
    { what: 'a deployment: connections', unit: '', samples: connections, goal: { kind: 'at-most', limit: 1 } },
    { what: 'a deployment: sessions', unit: '', samples: sessions, goal: { kind: 'at-most', limit: 1 } },
    { what: 'a deployment, until it is proven', unit: 's', samples: seconds },
  ];
}

async function uploads(bench: Bench, place: SshPlace, where: string, { times }: { times?: number }): Promise<Figure[]> {
  const megabytes = bench.quick ? 10 : 50;
  const tree = await makeStackTree(megabytes);
  const [first, again, compose, bytes]: [Samples, Samples, Samples, Samples] = [{}, {}, {}, {}];
  const subject = await Towline.start(place, farPort);
  try {
    await addStack(subject, stack, tree.dir);
    for (let round = 0; round < rounds(bench, 3); round += 1) {
      const whole = (await tarOverSsh(place, tree.dir, 'plain')) / 1_000;
      const { filesMs, bytesSent } = await deployed(subject, stack);
      await writeFile(tree.small, randomBytes(10_000));
      const change = await deployed(subject, stack);
      for (const figure of [first, again]) sample(figure, rival, whole);
      sample(first, towline, filesMs / 1_000);
      sample(again, towline, change.filesMs / 1_000);
      sample(compose, towline, change.composeMs / 1_000);
      sample(bytes, towline, (change.bytesSent / bytesSent) * 100);
      await clear(bench);
    }
  } finally {
    await subject.dispose();
    await tree.dispose();
  }
  const tenth = times === undefined ? {} : { goal: { kind: 'at-most-times', rival, factor: 1 / times } as const };
  return [
    {
      what: `first deployment of ${megabytes} MB, until its files are in place${where}`,
      ...{ unit: 's', samples: first, goal: { kind: 'at-most-times', rival, factor: 1 } },
    },
    { what: `the next, with 10 kB changed${where}`, unit: 's', samples: again, ...tenth },
    { what: `what Compose takes after that${where}`, unit: 's', samples: compose },
    { what: `its bytes${where}`, unit: '% of the tree', samples: bytes, goal: { kind: 'at-most', limit: 1 } },
  ];
}

/** Memory above idle while a large tree is sent. */
async function memory(bench: Bench): Promise<Figure[]> {
  const megabytes = bench.quick ? 200 : 1_000;
  const tree = await makeLargeTree(megabytes);
  const subject = await Towline.start(bench.place, farPort);
  try {
    await addStack(subject, stack, tree.dir);
    await sleep(2_000);
    const idle = rssMib(subject.pid);
    let peak = idle;
    const looking = setInterval(() => (peak = Math.max(peak, rssMib(subject.pid))), 100);
    await deployed(subject, stack).finally(() => clearInterval(looking));
    return [
      {
        ...{ what: `deploying ${megabytes} MB: RSS above idle`, unit: 'MiB', samples: { [towline]: [peak - idle] } },
        goal: { kind: 'at-most', limit: 38 }, // 40 MB
      },
    ];
  } finally {
    await subject.dispose();
    await tree.dispose();
    await clear(bench);
  }
}

/** A service of the stack that no change touches is asked 50 times a second while another one is made anew. */
async function neighbours(bench: Bench): Promise<Figure[]> {
  const tree = await makeStackTree(1);
  const describe = (round: string) => writeFile(join(tree.dir, 'compose.yml'), twoServices(round));
  await describe('one');
  const subject = await Towline.start(bench.place, farPort);
  try {
    await addStack(subject, stack, tree.dir);
    await deployed(subject, stack);
    const probe = probeHttp({ host: bench.host.address, port: probePort }, 50);
    await describe('two');
    await deployed(subject, stack).catch(async (error: unknown) => {
      await probe.stop();
      throw error;
    });
    const { failed } = await probe.stop();
    return [
      {
        ...{ what: 'a redeployment: failed requests to its neighbour', unit: '', samples: { [towline]: [failed] } },
        goal: { kind: 'at-most', limit: 0 },
      },
    ];
  } finally {
    await subject.dispose();
    await tree.dispose();
    await clear(bench);
  }
}

const twoServices = (round: string): string => `services:
  web:
    image: ${testImage}
    environment: { ROUND: ${round} }
    volumes: ['./www:/www:ro']
  steady:
    image: ${testImage}
    ports: ['${probePort}:80']
    volumes: ['./www:/www:ro']
`;

/** As if nothing had ever been deployed. */
async function clear({ host }: Bench): Promise<void> {
  const ids = await host.docker(['ps', '-aq', '--filter', `label=com.docker.compose.project=${stack}`]);
  if (ids !== '') await host.docker(['rm', '-f', ...ids.split('\n')]);
  await host.docker(['network', 'prune', '-f']);
  await host.exec(`rm -rf ${join(host.info.dir, 'home')}/towline ${join(host.info.dir, 'home')}/plain`);
}
