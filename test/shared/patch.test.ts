import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyPatches, diffTrees } from '../../shared/patch.ts';

const tree = fc.dictionary(
  fc.string(),
  fc.letrec((tie) => ({
    node: fc.oneof(
      { depthSize: 'small' },
      fc.integer(),
      fc.string(),
      fc.array(fc.integer()),
      fc.dictionary(fc.string(), tie('node')),
    ),
  })).node,
);

test('the patches between two trees, after a journey as JSON, turn the first into the second', () => {
  fc.assert(
    fc.property(tree, tree, (before, after) => {
      const patches = JSON.parse(JSON.stringify(diffTrees(before, after))) as ReturnType<typeof diffTrees>;
      expect(applyPatches(before, patches)).toEqual(after);
    }),
  );
});

test('what two trees share is not looked into', () => {
  const shared = Object.defineProperty({}, 'trap', {
    enumerable: true,
    get: () => {
      throw new Error('looked');
    },
  });
  expect(diffTrees({ shared, n: 1 }, { shared, n: 2 })).toEqual([{ path: ['n'], value: 2 }]);
});

test('a place that vanishes and one that becomes undefined are the same: gone', () => {
  expect(diffTrees({ a: 1, b: 2 }, { b: undefined })).toEqual([{ path: ['a'] }, { path: ['b'] }]);
});

test('arrays are replaced whole', () => {
  expect(diffTrees({ list: [1, 2] }, { list: [1, 3] })).toEqual([{ path: ['list'], value: [1, 3] }]);
});

test('applying leaves the old tree alone and keeps the identity of what no patch speaks of', () => {
  const before = { a: { x: 1 }, b: { y: 1 } };
  const after = applyPatches(before, [{ path: ['a', 'x'], value: 2 }]);
  expect(before).toEqual({ a: { x: 1 }, b: { y: 1 } });
  expect(after.b).toBe(before.b);
});

test('a hostile name becomes content, never a prototype', () => {
  const after = applyPatches<Record<string, unknown>>({}, [{ path: ['__proto__', 'admin'], value: true }]);
  expect(Object.getPrototypeOf(after)).toBe(Object.prototype);
  expect((after as { admin?: unknown }).admin).toBeUndefined();
});

test('a name that every object inherits is a place like any other', () => {
  expect(diffTrees({ valueOf: 1 }, {})).toEqual([{ path: ['valueOf'] }]);
  expect(diffTrees({}, { toString: { x: 1 } })).toEqual([{ path: ['toString'], value: { x: 1 } }]);
});
