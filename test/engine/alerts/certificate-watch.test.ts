import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { duplexPair } from 'node:stream';
import { createServer } from 'node:tls';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CertificateWatch, declaredEndpoints, type DialEndpoint } from '../../../engine/alerts/certificate-watch.ts';
import { DisposableStore } from '../../../engine/base/disposables.ts';
import { silentLogger } from '../../../engine/base/logger.ts';
import { stackSchema, type Stack } from '../../../shared/stack.ts';
import { TestClock } from '../../support/test-clock.ts';

const hourMs = 3_600_000;
const pem = (name: string): Promise<Buffer> => readFile(join(import.meta.dirname, '../../fixtures/tls', name));

let owned: DisposableStore;
let clock: TestClock;
let watch: CertificateWatch;
let stacks: Stack[];
let dial: DialEndpoint;
let dials: number;

const stack = (name: string, ...checks: unknown[]): Stack =>
  stackSchema.parse({ name, host: 'shop', dir: '/srv', checks });

beforeEach(async () => {
  owned = new DisposableStore();
  clock = new TestClock();
  const server = createServer({ cert: await pem('cert.pem'), key: await pem('key.pem') });
  server.on('tlsClientError', () => undefined).listen(0, '127.0.0.1');
  await once(server, 'listening');
  owned.defer(() => void server.close());
  const { port } = server.address() as AddressInfo;
  dials = 0;
  dial = async () => connect(port, '127.0.0.1');
  stacks = [stack('api', { kind: 'tls', host: 'shop.example' })];
  watch = new CertificateWatch({
    stacks: () => stacks,
    dial: (endpoint, signal) => {
      dials += 1;
      return dial(endpoint, signal);
    },
    clock,
    log: silentLogger,
  });
});
afterEach(async () => {
  await watch.dispose();
  await owned.dispose();
  expect(clock.pending).toBe(0);
});

test('until when a certificate is valid is seen, though nobody vouches for it', async () => {
  await watch.look();
  const until = Date.parse(new X509Certificate(await pem('cert.pem')).validTo);
  expect(watch.certificates).toEqual([{ endpoint: 'shop.example:443', hostId: 'shop', stack: 'api', until }]);
});

test('it is looked at once a day; one that is no longer declared is forgotten', async () => {
  await watch.look();
  await watch.look();
  expect(dials).toBe(1);
  await clock.advance(24 * hourMs);
  await watch.look();
  expect(dials).toBe(2);
  stacks = [];
  await watch.look();
  expect(watch.certificates).toEqual([]);
});

test('an endpoint that can’t be reached is tried again within the hour, and keeps what was seen of it', async () => {
  await watch.look();
  const [seen] = watch.certificates;
  dial = () => Promise.reject(new Error('away'));
  await clock.advance(25 * hourMs);
  expect(dials).toBeGreaterThan(3);
  expect(watch.certificates).toEqual([seen]);
});

test('one that takes the connection and says nothing is given up, and the connection closed', async () => {
  const [near] = duplexPair();
  dial = async () => near;
  const looking = watch.look();
  await clock.advance(10_000);
  await looking;
  expect([watch.certificates, near.destroyed]).toEqual([[], true]);
});

test('stopped while it looks, it lets go', async () => {
  const [near] = duplexPair();
  dial = async () => near;
  const looking = watch.look();
  await clock.advance(0);
  await watch.dispose();
  await looking;
  expect(near.destroyed).toBe(true);
});

test('declared are the tls checks, and the https ones that take no certificate for nothing', () => {
  const checks = [
    { kind: 'tls', host: 'a.example', port: 8443, via: 'direct' },
    { kind: 'http', url: 'https://b.example/health' },
    { kind: 'http', url: 'https://[::1]:9443/' },
    { kind: 'http', url: 'https://c.example', insecure: true },
    { kind: 'http', url: 'http://d.example' },
    { kind: 'tcp', port: 443 },
  ];
  expect(declaredEndpoints([stack('api', ...checks)]).map(({ host, port, via }) => `${host} ${port} ${via}`)).toEqual([
    'a.example 8443 direct',
    'b.example 443 host',
    '::1 9443 host',
  ]);
});
