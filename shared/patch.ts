import { z } from 'zod';

/** One changed place in a tree of plain objects. Without `value` the place is gone. Arrays are replaced whole. */
export const patchSchema = z.object({ path: z.array(z.string()), value: z.unknown().optional() });
export type Patch = z.infer<typeof patchSchema>;

/**
 * What turns `before` into `after`. Both are immutable trees that share what did not change, so equal references
 * are skipped without a look inside: the cost is that of the change, not of the tree.
 */
export function diffTrees(before: unknown, after: unknown, path: string[] = []): Patch[] {
  if (Object.is(before, after)) return [];
  if (!isTree(before) || !isTree(after)) return [{ path, value: after }];
  const patches: Patch[] = [];
  for (const key of Object.keys(before)) {
    if (own(after, key) === undefined && before[key] !== undefined) patches.push({ path: [...path, key] });
  }
  for (const [key, value] of Object.entries(after)) {
    if (value !== undefined) patches.push(...diffTrees(own(before, key), value, [...path, key]));
  }
  return patches;
}

/** `tree` with the patches applied; what no patch speaks of keeps its identity. Each part is copied once, however many patches meet it. */
export function applyPatches<T>(tree: T, patches: readonly Patch[]): T {
  const ours = new Set<unknown>();
  return patches.reduce<unknown>((result, patch) => applyAt(result, patch.path, 0, patch, ours), tree) as T;
}

function applyAt(tree: unknown, path: readonly string[], depth: number, patch: Patch, ours: Set<unknown>): unknown {
  const key = path[depth];
  if (key === undefined) return patch.value;
  const copy = ours.has(tree) ? (tree as Record<string, unknown>) : isTree(tree) ? { ...tree } : {};
  ours.add(copy);
  if (depth === path.length - 1 && patch.value === undefined) delete copy[key];
  else define(copy, key, applyAt(own(copy, key), path, depth + 1, patch, ours));
  return copy;
}

/** Plain assignment of `__proto__` would change the object's prototype instead of its content. */
function define(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') target[key] = value;
  else Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}

/** Names come from strangers: `valueOf` must not find what every object inherits. */
function own(tree: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(tree, key) ? tree[key] : undefined;
}

function isTree(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
