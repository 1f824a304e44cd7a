import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { testImage } from './host/image.ts';
import { freePort, freePorts, pageSoon, testPage } from './support/clients.ts';
import { RealBench } from './support/real-bench.ts';

const bench = new RealBench();

/** By the API, as no command line carries such labels. Resolves to the container's name. */
async function containerWith(labels: Readonly<Record<string, string>>, port: number): Promise<string> {
  const name = bench.name('hostile');
  const HostConfig = { PortBindings: { '80/tcp': [{ HostPort: String(port) }] } };
  const body = JSON.stringify({ Image: testImage, Labels: labels, ExposedPorts: { '80/tcp': {} }, HostConfig });
  const answer = await new Promise<string>((resolve, reject) => {
    const headers = { 'content-type': 'application/json' };
    const options = {
      socketPath: bench.host.dockerd.socket,
      path: `/containers/create?name=${name}`,
      method: 'POST',
      headers,
    };
    const create = request({ ...options, agent: false }, (response) => void text(response).then(resolve, reject));
    create.once('error', reject).end(body);
  });
  bench.removed(name);
  expect(answer).toContain('"Id"');
  await bench.host.docker(['start', name]);
  return name;
}

const shellCode = `"; touch /tmp/owned-by-label; $(touch /tmp/owned-by-label) \`touch /tmp/owned-by-label\` #`;

test('control characters in labels reach nobody, and the port is forwarded', async () => {
  const engine = await bench.engine();
  const port = await freePort();
  const label = '\u001b[2J\u001b]0;owned\u0007\r\nline\u202e';
  const name = await containerWith({ 'com.docker.compose.project': label, 'com.docker.compose.service': label }, port);
  const forward = await engine.untilForward(name);
  expect(JSON.stringify(forward)).not.toMatch(/\\u00|\\r|\\n|\u202e/);
  expect(forward.project).toBe('[2J]0;ownedline');
  expect(await pageSoon(port)).toBe(testPage);
});

test('labels of a megabyte cost the forward nothing', async () => {
  const engine = await bench.engine();
  const port = await freePort();
  const big = 'x'.repeat(1_000_000);
  const name = await containerWith({ big, [`${big.slice(0, 100_000)}`]: big, 'towline.bind': big }, port);
  const forward = await engine.untilForward(name);
  expect(JSON.stringify(forward).length).toBeLessThan(4_000);
  expect(await pageSoon(port)).toBe(testPage);
});

test('labels that are code for a shell are text, and labels that are no ports are no ports', async () => {
  const engine = await bench.engine();
  const port = await freePort();
  const labels = { 'towline.port.80': shellCode, 'towline.forward': shellCode, [shellCode]: shellCode };
  const name = await containerWith(labels, port);
  expect((await engine.untilForward(name)).local.port).toBe(port);
  expect(await pageSoon(port)).toBe(testPage);
  expect(await bench.host.exec('ls /tmp')).not.toContain('owned-by-label');
});

test('an address to bind that is none is refused with the reason, and others open', async () => {
  const engine = await bench.engine({ allowLan: true });
  const first = await freePorts(2);
  const name = await containerWith({ 'towline.bind': shellCode }, first);
  const other = await bench.container(['-p', `${first + 1}:80`]);
  expect((await engine.untilForward(name, 'refused')).reason?.code).toBe('bind-unavailable');
  await engine.untilForward(other);
  expect(await pageSoon(first + 1)).toBe(testPage);
});

test("labels named like JavaScript's own properties are labels", async () => {
  const engine = await bench.engine();
  const port = await freePort();
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
  const labels = Object.fromEntries(names.map((label) => [label, label] as const));
  const project = { 'com.docker.compose.project': '__proto__', 'com.docker.compose.service': 'constructor' };
  const name = await containerWith({ ...labels, ...project }, port);
  expect(await engine.untilForward(name)).toMatchObject({
    id: `__proto__/constructor:${port}/tcp`,
    project: '__proto__',
  });
  expect(await pageSoon(port)).toBe(testPage);
  expect(Object.keys(Object.prototype)).toEqual([]);
});
