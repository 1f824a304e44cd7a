import { expect, test } from 'vitest';
import { freePort, freePorts, page, pageSoon, refusal, testPage } from './support/clients.ts';
import { RealBench } from './support/real-bench.ts';

const bench = new RealBench();

test('the label towline.forward=false keeps a container out, and says so', async () => {
  const engine = await bench.engine();
  const port = await freePort();
  const web = await bench.container(['--label', 'towline.forward=false', '-p', `${port}:80`]);
  const forward = await engine.untilForward(web, 'ignored');
  expect(forward.reason?.code).toBe('ignored-by-label');
  expect(await refusal(port)).toBe('ECONNREFUSED');
});

test('the label towline.port.N chooses the local port', async () => {
  const engine = await bench.engine();
  const first = await freePorts(2);
  const web = await bench.container(['--label', `towline.port.80=${first + 1}`, '-p', `${first}:80`]);
  expect((await engine.untilForward(web)).local.port).toBe(first + 1);
  expect(await pageSoon(first + 1)).toBe(testPage);
  expect(await refusal(first)).toBe('ECONNREFUSED');
});

test('the label towline.bind chooses the address; one that others could reach needs leave', async () => {
  const engine = await bench.engine();
  const first = await freePorts(2);
  const near = await bench.container(['--label', 'towline.bind=127.0.0.2', '-p', `${first}:80`]);
  const open = await bench.container(['--label', 'towline.bind=0.0.0.0', '-p', `${first + 1}:80`]);
  expect((await engine.untilForward(near)).local).toEqual({
    address: '127.0.0.2',
    port: first,
    addresses: ['127.0.0.2'],
  });
  expect(await pageSoon(first, '127.0.0.2')).toBe(testPage);
  const refused = await engine.untilForward(open, 'refused');
  expect(refused.reason?.code).toBe('lan-not-allowed');
  expect(refused.reason?.hint).toContain('--allow-lan');

  const allowing = await bench.engine({ allowLan: true });
  expect(await allowing.untilForward(open)).toMatchObject({
    local: { addresses: ['0.0.0.0'] },
    reason: { code: 'open-to-lan' },
  });
});

test('the first rule that matches decides: one leaves a container out, one chooses a port', async () => {
  const first = await freePorts(3);
  const rules = [
    { match: { label: 'role=secret' }, ignore: true },
    { match: { image: 'towline-*', port: 80 }, localPort: first + 2 },
  ];
  const engine = await bench.engine({ settings: { rules } });
  const secret = await bench.container(['--label', 'role=secret', '-p', `${first}:80`]);
  const web = await bench.container(['-p', `${first + 1}:80`]);
  expect((await engine.untilForward(secret, 'ignored')).reason?.code).toBe('ignored-by-rule');
  expect((await engine.untilForward(web)).local.port).toBe(first + 2);
  expect(await pageSoon(first + 2)).toBe(testPage);
});

test('a rule reaches ports that are not published, through the address of the container', async () => {
  const port = await freePort();
  const rules = [{ match: { label: 'reach', port: 80 }, unpublished: true, localPort: port }];
  const engine = await bench.engine({ settings: { rules } });
  const web = await bench.container(['--label', 'reach', '--expose', '80']);
  const { remote } = await engine.untilForward(web);
  expect(remote.address).toMatch(/^172\./);
  expect(await pageSoon(port)).toBe(testPage);
});

test("a rule reaches the ports of a container on the host's own network", async () => {
  const port = await freePort();
  const rules = [{ match: { label: 'reach' }, unpublished: true }];
  const engine = await bench.engine({ settings: { rules } });
  const serve = ['httpd', '-f', '-p', String(port), '-h', '/www'];
  const web = await bench.container(['--network', 'host', '--label', 'reach', '--expose', String(port)], serve);
  expect((await engine.untilForward(web)).remote).toEqual({ address: '127.0.0.1', port });
  expect(await pageSoon(port)).toBe(testPage);
});

test('one forward is paused and resumed by itself', async () => {
  const engine = await bench.engine();
  const first = await freePorts(2);
  const web = await bench.container(['-p', `${first}:80`, '-p', `${first + 1}:80`]);
  const [one, other] = await engine.untilForwards(web, 2);
  await pageSoon(first);
  await engine.engine.forwards.pause({ hostId: 'real', forwardId: String(one?.id) });
  await engine.until('the pause', ({ forwards }) => forwards[String(one?.id)]?.state === 'paused');
  expect(await refusal(first)).toBe('ECONNREFUSED');
  expect(await page(first + 1)).toBe(testPage);
  expect(engine.host().forwards[String(other?.id)]?.state).toBe('listening');
  await engine.engine.forwards.resume({ hostId: 'real', forwardId: String(one?.id) });
  await engine.untilForwards(web, 2);
  expect(await page(first)).toBe(testPage);
});
