import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../../../engine/base/clock.ts';
import { DisposableStore } from '../../../engine/base/disposables.ts';
import { checkEndpoint, type Dial } from '../../../engine/deploy/endpoint-check.ts';
import { endpointCheckSchema, type EndpointCheck } from '../../../shared/stack.ts';
import { TestClock } from '../../support/test-clock.ts';

let owned = new DisposableStore();

afterEach(async () => {
  await owned.dispose();
  owned = new DisposableStore();
});

const pem = (name: string) => readFile(join(import.meta.dirname, '../../fixtures/tls', name));

async function serve(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  owned.defer(async () => {
    server.close();
    await once(server, 'close');
  });
  return (server.address() as AddressInfo).port;
}

const serveHttp = (answer: RequestListener) => serve(createHttpServer(answer));
const serveHttps = async (answer: RequestListener) =>
  serve(createHttpsServer({ key: await pem('key.pem'), cert: await pem('cert.pem') }, answer));

async function dial({ host, port }: { host: string; port: number }): Promise<Duplex> {
  const socket = connect({ host, port });
  await once(socket, 'connect');
  return socket;
}

const check = (fields: Record<string, unknown>): EndpointCheck => endpointCheckSchema.parse(fields);

function ask(fields: Record<string, unknown>, more: { dial?: Dial; timeoutMs?: number } = {}) {
  const { signal } = new AbortController();
  return checkEndpoint(check(fields), { dial, clock: systemClock, timeoutMs: 0, signal, ...more });
}

test('a port that accepts is well, one that does not says why', async () => {
  const server = createServer((socket) => socket.destroy());
  const port = await serve(server);
  expect(await ask({ kind: 'tcp', port })).toEqual({
    gate: `tcp 127.0.0.1:${port}`,
    ok: true,
    saw: 'accepts connections',
  });
  const refused = () => Promise.reject(new Error('Connection refused'));
  expect(await ask({ kind: 'tcp', port }, { dial: refused })).toMatchObject({ ok: false, saw: 'Connection refused' });
});

test('an answer must have the status and match the pattern', async () => {
  const port = await serveHttp((request, response) => {
    response.writeHead(request.url === '/teapot?x=1' ? 418 : 200).end('short and stout');
  });
  const url = `http://127.0.0.1:${port}`;
  expect(await ask({ kind: 'http', url })).toEqual({ gate: url, ok: true, saw: 'status 200' });
  expect((await ask({ kind: 'http', url: `${url}/teapot?x=1`, status: 418, body: '^short.*stout$' })).saw).toBe(
    'status 418, body matches',
  );
  expect((await ask({ kind: 'http', url: `${url}/teapot?x=1` })).saw).toBe('status 418 instead of 200');
  expect((await ask({ kind: 'http', url, body: 'tall' })).saw).toBe('status 200, but the body does not match /tall/');
});

test('https counts only with a certificate that somebody vouches for, unless told otherwise', async () => {
  const port = await serveHttps((_, response) => response.end('secret'));
  const url = `https://127.0.0.1:${port}/`;
  expect(await ask({ kind: 'http', url })).toMatchObject({ ok: false, saw: 'self-signed certificate' });
  expect(await ask({ kind: 'http', url, insecure: true, body: 'secret' })).toMatchObject({ ok: true });
});

test('a certificate must be trusted and valid for as many days as it should', async () => {
  const port = await serveHttps((_, response) => response.end());
  const tls = { kind: 'tls', host: '127.0.0.1', port };
  expect(await ask(tls)).toMatchObject({ ok: false, saw: 'self-signed certificate' });
  const trusted = getCACertificates();
  owned.defer(() => setDefaultCACertificates(trusted));
  setDefaultCACertificates([await pem('cert.pem')]);
  expect(await ask({ ...tls, minDays: 30 })).toMatchObject({
    ok: true,
    saw: expect.stringMatching(/^certificate of towline.test is valid for \d+ more days$/) as string,
  });
  expect(await ask({ ...tls, minDays: 40_000 })).toMatchObject({ ok: false });
});

test('a check is asked again until it holds', async () => {
  let asked = 0;
  const port = await serveHttp((_, response) => response.writeHead((asked += 1) < 3 ? 503 : 200).end());
  const clock = new TestClock();
  const seen = checkEndpoint(check({ kind: 'http', url: `http://127.0.0.1:${port}` }), {
    ...{ dial, clock, timeoutMs: 60_000, signal: new AbortController().signal },
  });
  let over = false;
  void seen.finally(() => (over = true));
  while (!over) await clock.advance(10);
  expect(await seen).toMatchObject({ ok: true });
  expect(asked).toBe(3);
});

test('a server that never answers is given up, and its connection closed', async () => {
  const clock = new TestClock();
  const server = createServer();
  const accepted = once(server, 'connection') as Promise<[Duplex]>;
  const port = await serve(server);
  const seen = checkEndpoint(check({ kind: 'http', url: `http://127.0.0.1:${port}` }), {
    ...{ dial, clock, timeoutMs: 0, signal: new AbortController().signal },
  });
  const [socket] = await accepted;
  await once(socket, 'data');
  await clock.advance(10_000);
  expect(await seen).toMatchObject({ ok: false, saw: 'no answer within 10 s' });
  socket.on('error', () => undefined).resume();
  if (!socket.closed) await once(socket, 'close');
});
