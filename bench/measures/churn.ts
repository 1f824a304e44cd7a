import Docker from 'dockerode';
import { farPort, type Bench } from '../bench.ts';
import { Towline } from '../contenders/towline.ts';
import { createEchoContainer } from '../echo-container.ts';
import { towline, type Figure } from '../figure.ts';
import { untilItWorks } from '../load.ts';

const firstPort = 23_000;
const abreast = 4;
const streams = 5;

/** Containers come and go while five logs and stats are followed: what sshd's own log counts. */
export async function churn(bench: Bench): Promise<Figure[]> {
  const cycles = bench.quick ? 40 : 200;
  const standing = await createEchoContainer(bench.docker, firstPort + abreast);
  await standing.start();
  const before = await bench.host.sshd.counts();
  const subject = await Towline.start(bench.place, farPort);
  try {
    const throughTowline = new Docker({ socketPath: subject.dockerSocket });
    await untilItWorks(() => throughTowline.ping().then(() => undefined), 10_000, 20);
    const heard = await follow(throughTowline, standing.id);
    const [logged, startedAt] = [await subject.logBytes(), performance.now()];
    await Promise.all(Array.from({ length: abreast }, (_, i) => startAndStop(bench, firstPort + i, cycles / abreast)));
    const days = (performance.now() - startedAt) / 86_400_000;
    const perDay = ((await subject.logBytes()) - logged) / 1_000_000 / days;
    const after = await bench.host.sshd.counts();
    const lost = heard.filter((stream) => stream.ended).length;
    return [
      {
        what: `${cycles} start/stop cycles: connections`,
        unit: '',
        samples: { [towline]: [after.connections - before.connections] },
        goal: { kind: 'at-most', limit: 1 },
      },
      {
        what: `${cycles} start/stop cycles: sessions`,
        unit: '',
        samples: { [towline]: [after.sessions - before.sessions] },
        goal: { kind: 'at-most', limit: 1 },
      },
      {
        what: `${cycles} start/stop cycles: streams lost of ${streams}`,
        unit: '',
        samples: { [towline]: [lost] },
        goal: { kind: 'at-most', limit: 0 },
      },
      {
        what: `${cycles} start/stop cycles: log`,
        unit: 'MB/day',
        samples: { [towline]: [perDay] },
        goal: { kind: 'at-most', limit: 50 },
      },
    ];
  } finally {
    await subject.dispose();
    await standing.remove({ force: true });
  }
}

async function startAndStop({ docker }: Bench, port: number, times: number): Promise<void> {
  const container = await createEchoContainer(docker, port);
  for (let i = 0; i < times; i += 1) {
    await container.start();
    await container.kill();
    await container.wait();
  }
  await container.remove({ force: true });
}

/** Three followed logs and two streams of statistics, through Towline's local Docker socket. */
async function follow(docker: Docker, id: string): Promise<{ ended: boolean }[]> {
  const container = docker.getContainer(id);
  const opened = await Promise.all(
    Array.from({ length: streams }, (_, i) =>
      i < 3 ? container.logs({ follow: true, stdout: true, stderr: true }) : container.stats({ stream: true }),
    ),
  );
  return opened.map((stream) => {
    const heard = { ended: false };
    stream.on('error', () => (heard.ended = true));
    stream.on('close', () => (heard.ended = true));
    stream.resume();
    return heard;
  });
}
