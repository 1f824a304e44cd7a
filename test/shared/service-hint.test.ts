import { expect, test } from 'vitest';
import { serviceHint } from '../../shared/service-hint.ts';
import type { ForwardView } from '../../shared/forward.ts';
import { forwardView } from '../engine/serve/fake-engine.ts';

const far = (port: number, more: Partial<ForwardView> = {}): ForwardView =>
  forwardView('app', 18_000, { remote: { address: '127.0.0.1', port }, ...more });

test.each([
  [far(80), { kind: 'page', name: 'http', url: 'http://localhost:18000' }],
  [far(8443), { kind: 'page', name: 'https', url: 'https://localhost:18000' }],
  [far(5432), { kind: 'command', name: 'postgres', command: 'psql -h localhost -p 18000 -U postgres' }],
  [far(7777, { image: 'redis:7' }), { kind: 'command', name: 'redis', command: 'redis-cli -h localhost -p 18000' }],
  [far(7777), undefined],
])('the far port and the image tell what one does with the address', (forward, expected) => {
  expect(serviceHint(forward)).toEqual(expected);
});
