import { expect, test } from 'vitest';
import { classifyConnectionError } from '../../../engine/ssh/connection-failure.ts';

const error = (message: string, more: object = {}): Error => Object.assign(new Error(message), more);

test.each([
  [error('x', { code: 'ECONNREFUSED' }), 'host-refused', 'retry'],
  [error('x', { code: 'EAI_AGAIN' }), 'host-not-found', 'retry'],
  [error('x', { code: 'EHOSTUNREACH' }), 'network-unreachable', 'retry'],
  [error('x', { code: 'ETIMEDOUT' }), 'host-unreachable', 'retry'],
  [error('Keepalive timeout', { level: 'client-timeout' }), 'connection-silent', 'retry'],
  [error('read ECONNRESET', { code: 'ECONNRESET' }), 'connection-lost', 'retry'],
  [error('All configured failed', { level: 'client-authentication' }), 'auth-refused', 'needs-user'],
  [error('Too many authentication failures', { code: 2 }), 'auth-refused', 'needs-user'],
  [error('Handshake failed: no matching key exchange algorithm'), 'algorithms-incompatible', 'failed'],
])('%s is %s: %s', (cause, code, verdict) => {
  expect(classifyConnectionError(cause, 'the host')).toMatchObject({ failure: { code }, verdict });
});
