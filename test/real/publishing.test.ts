import { expect, test } from 'vitest';
import { echoSoon, freePort, freePorts, page, pageSoon, refusal, testPage } from './support/clients.ts';
import { echoOn, RealBench } from './support/real-bench.ts';
import { hostId } from './support/real-engine.ts';

const bench = new RealBench();

const portsOf = (forwards: readonly { local: { port: number } }[]) => forwards.map(({ local }) => local.port);

test('a published port answers on the same local port, on both loopback addresses', async () => {
  const engine = await bench.engine();
  const port = await freePort();
  const web = await bench.container(['-p', `${port}:80`]);
  const forward = await engine.untilForward(web);
  expect(forward).toMatchObject({
    id: `${web}:${port}/tcp`,
    source: 'container',
    requestedPort: port,
    local: { port, addresses: ['127.0.0.1', '::1'] },
    remote: { address: '127.0.0.1', port },
  });
  expect(await pageSoon(port)).toBe(testPage);
  expect(await page(port, '::1')).toBe(testPage);
});

test('a container that ran before the connection is forwarded too', async () => {
  const port = await freePort();
  const web = await bench.container(['-p', `${port}:80`]);
  const engine = await bench.engine();
  await engine.untilForward(web);
  expect(await pageSoon(port)).toBe(testPage);
});

test('three published ports are three forwards', async () => {
  const engine = await bench.engine();
  const first = await freePorts(3);
  const publish = [7, 8, 9].flatMap((port, index) => ['-p', `${first + index}:${port}`]);
  const serve = [7, 8, 9].map((port) => echoOn(port).join(' ')).join(' & ');
  const web = await bench.container(publish, ['sh', '-c', serve]);
  expect(portsOf(await engine.untilForwards(web, 3))).toEqual([first, first + 1, first + 2]);
  for (const port of [first, first + 1, first + 2]) expect(await echoSoon(port, `to ${port}`)).toBe(`to ${port}`);
});

test('a range of ports is one forward for each', async () => {
  const engine = await bench.engine();
  const first = await freePorts(5);
  const web = await bench.container(['-p', `${first}-${first + 4}:80-84`]);
  expect(portsOf(await engine.untilForwards(web, 5))).toEqual([0, 1, 2, 3, 4].map((offset) => first + offset));
  expect(await pageSoon(first)).toBe(testPage);
});

test('a container without published ports has no forward', async () => {
  const engine = await bench.engine();
  const silent = await bench.container(['--expose', '80']);
  const port = await freePort();
  const web = await bench.container(['-p', `${port}:80`]);
  await engine.untilForward(web); // started later, so the first has been seen by now
  expect(engine.of(silent)).toEqual([]);
});

test('two host ports on one container port are two forwards', async () => {
  const engine = await bench.engine();
  const first = await freePorts(2);
  const web = await bench.container(['-p', `${first}:80`, '-p', `${first + 1}:80`]);
  expect(portsOf(await engine.untilForwards(web, 2))).toEqual([first, first + 1]);
  expect([await pageSoon(first), await pageSoon(first + 1)]).toEqual([testPage, testPage]);
});

test('ports published on one loopback address of the host are dialled there', async () => {
  const engine = await bench.engine();
  const first = await freePorts(2);
  const web = await bench.container(['-p', `127.0.0.1:${first}:80`, '-p', `[::1]:${first + 1}:80`]);
  const forwards = await engine.untilForwards(web, 2);
  expect(forwards.map(({ remote }) => remote.address)).toEqual(['127.0.0.1', '::1']);
  expect([await pageSoon(first), await pageSoon(first + 1)]).toEqual([testPage, testPage]);
});

test('a port published on another address of the host is dialled at that address', async () => {
  const engine = await bench.engine();
  const port = await freePort();
  const web = await bench.container(['-p', `${bench.host.address}:${port}:80`]);
  const { remote } = await engine.untilForward(web);
  expect(remote).toEqual({ address: bench.host.address, port });
  expect(await pageSoon(port)).toBe(testPage);
});

test('a port that Docker chooses is followed when a restart changes it', async () => {
  const engine = await bench.engine();
  const web = await bench.container(['-p', '80']);
  const before = await engine.untilForward(web);
  expect(await pageSoon(before.local.port)).toBe(testPage);
  // Somebody else is given the old port meanwhile, so that Docker has to choose another.
  await bench.host.docker(['stop', web]);
  await bench.container(['-p', `${before.remote.port}:80`]);
  await bench.host.docker(['start', web]);
  const after = await engine.until('the new port', () => {
    const [forward, ...others] = engine.of(web);
    return (
      others.length === 0 && forward?.state === 'listening' && forward.remote.port !== before.remote.port && forward
    );
  });
  expect(await pageSoon(after.local.port)).toBe(testPage);
});

test('UDP is shown as unsupported, with the reason, beside the TCP forward of the same number', async () => {
  const engine = await bench.engine();
  const port = await freePort();
  const web = await bench.container(['-p', `${port}:80`, '-p', `${port}:53/udp`]);
  const forwards = await engine.until('both', () => engine.of(web).length === 2 && engine.of(web));
  expect(Object.fromEntries(forwards.map(({ protocol, state, reason }) => [protocol, [state, reason?.code]]))).toEqual({
    tcp: ['listening', undefined],
    udp: ['unsupported', 'udp-not-carried'],
  });
});

test('a privileged port that this user may not have is remapped, with the reason', async () => {
  const engine = await bench.engine();
  await engine.engine.forwards.pause({});
  const web = await bench.container(['-p', '99:80']);
  await engine.untilForward(web, 'paused');
  const root = process.geteuid?.() ?? 0;
  bench.defer(() => process.seteuid?.(root));
  process.seteuid?.(65_534); // nothing but the binding happens while this process is nobody
  await engine.engine.forwards.resume({});
  const forward = await engine.untilForward(web).finally(() => process.seteuid?.(root));
  expect(forward.reason?.code).toBe('port-privileged');
  expect(forward.reason?.hint).toContain(`localhost:${forward.local.port}`);
  expect(await pageSoon(forward.local.port)).toBe(testPage);
});

test('a manual forward reaches any port of the host, and one to a port where nobody listens resets its clients', async () => {
  const engine = await bench.engine();
  const first = await freePorts(3);
  await bench.container(['-p', `${first}:7`], echoOn(7));
  const manual = async (localPort: number, port: number) => {
    const id = await engine.engine.forwards.add({
      hostId,
      localPort,
      target: { kind: 'tcp', address: '127.0.0.1', port },
    });
    await engine.until(`${id} to listen`, ({ forwards }) => forwards[id]?.state === 'listening');
  };
  await manual(first + 1, first);
  await manual(first + 2, first + 2);
  expect(await refusal(first + 2)).toBe('ECONNRESET');
  expect(await echoSoon(first + 1, 'by hand')).toBe('by hand');
});

test('a manual forward leads to a Unix socket of the host', async () => {
  const engine = await bench.engine();
  const localPort = await freePort();
  const target = { kind: 'unix', path: bench.host.info.remoteDockerSocket } as const;
  await engine.engine.forwards.add({ hostId, localPort, target, label: 'docker' });
  await engine.untilForward('docker');
  expect(await page(localPort)).toContain('page not found'); // Docker's own answer to `GET /`
});
