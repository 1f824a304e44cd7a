import { expect, test } from 'vitest';
import { parseCheckSpec } from '../../headless/check-spec.ts';

test.each([
  ['tcp:5432', { kind: 'tcp', host: '127.0.0.1', port: 5432, via: 'host' }],
  ['tcp:db:5432', { kind: 'tcp', host: 'db', port: 5432, via: 'host' }],
  ['direct tcp:[::1]:80', { kind: 'tcp', host: '::1', port: 80, via: 'direct' }],
  ['tls:shop.example.org', { kind: 'tls', host: 'shop.example.org', port: 443, minDays: 14, via: 'host' }],
  ['direct tls:10.0.0.8:8443 30', { kind: 'tls', host: '10.0.0.8', port: 8443, minDays: 30, via: 'direct' }],
  ['http://127.0.0.1:8080/health', { url: 'http://127.0.0.1:8080/health', status: 200, via: 'host' }],
  ['https://shop/ 204', { kind: 'http', url: 'https://shop/', status: 204, insecure: false }],
  ['insecure https://shop/ 200 ~^all is well$', { status: 200, body: '^all is well$', insecure: true }],
  ['http://shop/ ~ok', { status: 200, body: 'ok' }],
])('%s is a check', (text, check) => {
  expect(parseCheckSpec(text)).toMatchObject(check);
});

test.each([
  '',
  'shop:80',
  'tcp:',
  'tcp:db',
  'tcp:99999',
  'tls:shop soon',
  'ftp://shop/',
  'http://shop/ ok',
  'http://shop/ ~(',
])('%o is none', (text) => {
  expect(() => parseCheckSpec(text)).toThrow(expect.objectContaining({ code: 'usage' }) as Error);
});
