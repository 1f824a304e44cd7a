import { expect, test } from 'vitest';
import { projectOf, remoteDirOf, stackSchema } from '../../shared/stack.ts';

const least = { name: 'my.shop', host: 'web', dir: './shop' };

test('a stack needs a name, a host and a directory; the rest has defaults', () => {
  const stack = stackSchema.parse(least);
  expect(stack).toEqual({
    ...least,
    ...{ files: [], after: [], pauseMs: 0, checks: [], keep: 5, gates: { stableMs: 5_000, timeoutMs: 120_000 } },
  });
  expect([remoteDirOf(stack), projectOf(stack)]).toEqual(['~/towline/my.shop', 'myshop']);
});

test.each([
  { name: 'Shop' },
  { name: '../shop' },
  { project: '-p' },
  { typo: true },
  { checks: [{ kind: 'http', url: 'ftp://x' }] },
  { checks: [{ kind: 'http', url: 'http://x', body: '(' }] },
  { checks: [{ kind: 'tcp', port: 0 }] },
])('%j is refused', (fields) => {
  expect(stackSchema.safeParse({ ...least, ...fields }).success).toBe(false);
});
