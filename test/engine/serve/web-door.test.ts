import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DisposableStore } from '../../../engine/base/disposables.ts';
import { silentLogger } from '../../../engine/base/logger.ts';
import { openWebDoor, type WebDoor } from '../../../engine/serve/web-door.ts';
import { FakeEngine, appState, hostView } from './fake-engine.ts';

let owned: DisposableStore;
let engine: FakeEngine;
let door: WebDoor;
let pages: string;
const scrapeToken = 's'.repeat(32);

beforeEach(async () => {
  owned = new DisposableStore();
  pages = await mkdtemp(join(tmpdir(), 'towline-pages-'));
  owned.defer(() => rm(pages, { recursive: true, force: true }));
  await mkdir(join(pages, 'parts'));
  await writeFile(join(pages, 'index.html'), '<!doctype html>');
  await writeFile(join(pages, 'app.js'), 'export {};');
  await writeFile(join(pages, 'parts', 'app.css'), 'a{}');
  await writeFile(join(pages, 'notes.txt'), 'not a page');
  engine = new FakeEngine(appState([hostView('shop')]));
  door = owned.add(await openWebDoor({ commands: engine, log: silentLogger, port: 0, pages, scrapeToken }));
});
afterEach(() => owned.dispose());

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: door.port, path, method, headers, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (part: string) => (body += part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    asked.once('error', reject).end();
  });
}

async function cookie(): Promise<string> {
  const { headers } = await ask(new URL(door.url).pathname + new URL(door.url).search);
  return headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}

test('the token in the address moves into a cookie that scripts and other sites cannot use', async () => {
  const { search } = new URL(door.url);
  const answer = await ask(`/${search}`);
  expect(answer).toMatchObject({ status: 303, headers: { location: '/' } });
  expect(answer.headers['set-cookie']?.[0]).toMatch(/^towline-\d+=[\w-]{32}; Path=\/; HttpOnly; SameSite=Strict$/);
});

test('the app is served under a policy that lets nothing else run, load or frame it', async () => {
  const { status, headers, body } = await ask('/', { cookie: await cookie() });
  expect({ status, body }).toEqual({ status: 200, body: '<!doctype html>' });
  expect(headers['content-security-policy']).toMatch(/^default-src 'none'/);
  expect(headers['content-security-policy']).not.toMatch(/unsafe|data:|\*/);
  expect(headers['access-control-allow-origin']).toBeUndefined();
});

test('files of the app are served with their types, and nothing else is', async () => {
  const headers = { cookie: await cookie() };
  const answers = await Promise.all(
    ['/app.js', '/parts/app.css', '/notes.txt', '/../app.js', '/%2e%2e/etc/passwd', '/parts'].map(async (path) => {
      const answer = await ask(path, headers);
      return [answer.status, answer.headers['content-type']];
    }),
  );
  const missing = [404, 'text/plain; charset=utf-8'];
  expect(answers).toEqual([
    [200, 'text/javascript; charset=utf-8'],
    [200, 'text/css; charset=utf-8'],
    missing,
    [200, 'text/javascript; charset=utf-8'],
    missing,
    missing,
  ]);
});

test('an app that was not built is said to be missing, with the way to build it', async () => {
  const bare = owned.add(
    await openWebDoor({ commands: engine, log: silentLogger, port: 0, pages: join(pages, 'nowhere') }),
  );
  door = bare;
  const { status, body } = await ask('/', { cookie: await cookie() });
  expect({ status, body }).toEqual({ status: 503, body: 'The app was not built. To build it: npm run build\n' });
});

test.each([
  ['no token', '/', {}, 401],
  ['a wrong token', '/?token=nonsense', {}, 401],
  ['a wrong cookie', '/app.js', { cookie: 'towline-1=x' }, 401],
  ['a name that was made to point here', '/healthz', { host: 'evil.example' }, 403],
  ['the right name with another port', '/healthz', { host: '127.0.0.1:1' }, 403],
  ['a page of another site', '/healthz', { origin: 'http://evil.example' }, 403],
  ['a page without an origin', '/healthz', { origin: 'null' }, 403],
])('%s is turned away', async (_title, path, headers, status) => {
  expect((await ask(path, headers)).status).toBe(status);
});

test('a foreign name or origin is turned away even with the right cookie', async () => {
  const right = { cookie: await cookie() };
  expect((await ask('/', { ...right, host: 'evil.example' })).status).toBe(403);
  expect((await ask('/', { ...right, origin: 'http://evil.example' })).status).toBe(403);
});

test('nothing can be sent to the page, and health needs no token', async () => {
  expect((await ask('/', { cookie: await cookie() }, 'POST')).status).toBe(405);
  expect(await ask('/healthz')).toMatchObject({ status: 200, body: 'ok\n' });
});

test('figures are told to a scraper by its own token, to whoever has the app, and to nobody else', async () => {
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const doorToken = new URL(door.url).searchParams.get('token') ?? '';
  for (const headers of [bearer(scrapeToken), bearer(doorToken), { cookie: await cookie() }]) {
    const { status, headers: answered, body } = await ask('/metrics', headers);
    expect([status, answered['content-type']]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    expect(body).toMatch(/^towline_info 1$/m);
  }
  const { status, body } = await ask('/health/details', bearer(scrapeToken));
  expect([status, JSON.parse(body)]).toEqual([200, expect.objectContaining({ ready: true })]);
  for (const headers of [{}, bearer(`${scrapeToken}x`), bearer(''), { authorization: `Basic ${scrapeToken}` }]) {
    expect((await ask('/metrics', headers)).status).toBe(401);
    expect((await ask('/health/details', headers)).status).toBe(401);
  }
  expect((await ask('/metrics', { ...bearer(scrapeToken), host: 'evil.example' })).status).toBe(403);
});

test('the token of scrapers opens figures, not the app', async () => {
  const headers = { authorization: `Bearer ${scrapeToken}` };
  expect((await ask('/', headers)).status).toBe(401);
  expect((await ask('/app.js', headers)).status).toBe(401);
  expect((await ask(`/?token=${scrapeToken}`)).status).toBe(401);
});

test('readiness is told to anybody, and names nobody', async () => {
  expect(await ask('/readyz')).toMatchObject({ status: 200, body: '1 of 1 hosts ready\n' });
  engine.store.updateHost('shop', (host) => ({ ...host, state: 'reconnecting' }));
  expect(await ask('/readyz')).toMatchObject({ status: 503, body: '0 of 1 hosts ready\n' });
});

test('figures that cannot be told are an error of ours, and the door stays open', async () => {
  engine.metrics.text = () => Promise.reject(new Error('no figures'));
  expect(await ask('/metrics', { cookie: await cookie() })).toMatchObject({ status: 500 });
  expect((await ask('/healthz')).status).toBe(200);
});

test('the contract is spoken to our own page only', async () => {
  const origin = new URL(door.url).origin;
  const headers = { cookie: await cookie() };
  const attempt = (options: { origin?: string; headers?: Record<string, string> }): Promise<string> =>
    new Promise((resolve) => {
      const socket = new WebSocket(`ws://127.0.0.1:${door.port}/rpc`, options);
      socket.once('open', () => resolve('open')).once('error', () => resolve('refused'));
      owned.defer(() => socket.terminate());
    });
  expect(
    await Promise.all([
      attempt({ origin, headers }),
      attempt({ headers }),
      attempt({ origin: 'http://evil.example', headers }),
      attempt({ origin }),
    ]),
  ).toEqual(['open', 'refused', 'refused', 'refused']);
});

test('a port that is taken is a failure that says so', async () => {
  const again = openWebDoor({ commands: engine, log: silentLogger, port: door.port, pages });
  await expect(again).rejects.toMatchObject({ code: 'web-port-in-use' });
});
