import { expect, test } from 'vitest';
import { parseForwardSpec } from '../../headless/forward-spec.ts';

test.each([
  ['8080', { localPort: 8080, target: { kind: 'tcp', address: '127.0.0.1', port: 8080 } }],
  ['8080:db:5432', { localPort: 8080, target: { kind: 'tcp', address: 'db', port: 5432 } }],
  ['8080:[fe80::1]:80', { localPort: 8080, target: { kind: 'tcp', address: 'fe80::1', port: 80 } }],
  [
    '127.0.0.2:8080:db:5432',
    { bind: '127.0.0.2', localPort: 8080, target: { kind: 'tcp', address: 'db', port: 5432 } },
  ],
  ['[::1]:8080:db:5432', { bind: '::1', localPort: 8080, target: { kind: 'tcp', address: 'db', port: 5432 } }],
  ['2375:/var/run/docker.sock', { localPort: 2375, target: { kind: 'unix', path: '/var/run/docker.sock' } }],
  ['[::1]:2375:/a:b/c', { bind: '::1', localPort: 2375, target: { kind: 'unix', path: '/a:b/c' } }],
])('%s', (text, spec) => {
  expect(parseForwardSpec(text)).toEqual(spec);
});

test.each(['', 'db', '0', '65536', '80:db', '80::5432', ':80:db:1', '1:2:3:4:5', '80:db:port', '/sock', '8080:db:-1'])(
  '%j is not a forward, and the user is told what is',
  (text) => {
    expect(() => parseForwardSpec(text)).toThrow(
      expect.objectContaining({ code: 'usage', hint: expect.stringMatching(/PORT/) as string }),
    );
  },
);
