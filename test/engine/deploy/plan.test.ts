import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  diffManifests,
  formatManifest,
  parseManifestLine,
  type Manifest,
  type ManifestEntry,
} from '../../../engine/deploy/manifest.ts';
import { planChange } from '../../../engine/deploy/plan.ts';
import type { FileMode } from '../../../engine/deploy/tree.ts';

const hash = (letter: string) => letter.repeat(64);
const entry = (path: string, letter: string, mode: FileMode = '644'): ManifestEntry => ({
  path,
  mode,
  hash: hash(letter),
  size: 1,
});
const manifest = (...entries: ManifestEntry[]): Manifest => new Map(entries.map((one) => [one.path, one]));

/** What the host has: its files, what is staged, and contents that it keeps. Does what the remote program does, in memory. */
class Host {
  readonly files: Map<string, { mode: string; hash: string }>;
  readonly kept = new Set<string>();
  readonly staged: Map<string, ManifestEntry>;

  constructor(before: Manifest, staged: readonly ManifestEntry[]) {
    this.files = new Map([...before].map(([path, { mode, hash }]) => [path, { mode, hash }]));
    this.staged = new Map(staged.map((upload) => [upload.mode === 'link' ? upload.hash : upload.path, upload]));
  }

  apply(operations: readonly string[], lenient = false): void {
    for (const operation of operations) {
      const [verb, mode = '', content = '', ...rest] = operation.split(' ');
      const path = rest.join(' ');
      const file = this.files.get(path);
      if (verb === 'save' && file !== undefined) this.kept.add(file.hash);
      if (verb === 'drop') this.files.delete(path);
      if (verb === 'mode' && file !== undefined) this.files.set(path, { ...file, mode });
      if (verb !== 'move' && verb !== 'copy') continue;
      const has =
        verb === 'move' ? this.staged.get(path)?.hash === content : this.staged.has(content) || this.kept.has(content);
      if (!has && !lenient) throw new Error(`${content} is not there for ${path}`);
      if (has) this.files.set(path, { mode, hash: content });
      if (verb === 'move') this.staged.delete(path);
    }
  }

  get state() {
    return [...this.files].map(([path, { mode, hash }]) => `${mode} ${hash} ${path}`).sort();
  }
}

const lines = (files: Manifest) => formatManifest(files).split('\n').slice(0, -1).sort();

const anyManifest = fc
  .uniqueArray(
    fc.record({
      path: fc.constantFrom('a', 'b', ' c ', 'd/e', 'd/f g', 'h/i/j'),
      letter: fc.constantFrom('a', 'b', 'c'),
      mode: fc.constantFrom<FileMode>('644', '755', '600', 'link'),
    }),
    { selector: ({ path }) => path },
  )
  .map((entries) => manifest(...entries.map(({ path, letter, mode }) => entry(path, letter, mode))));

test('a plan makes the new release of the old one, and its undoing gives that back from wherever it stopped', () => {
  fc.assert(
    fc.property(anyManifest, anyManifest, fc.nat(20), (before, after, stop) => {
      const plan = planChange(before, after);
      const whole = new Host(before, plan.uploads);
      whole.apply(plan.operations);
      expect(whole.state).toEqual(lines(after));
      const halfway = new Host(before, plan.uploads);
      halfway.apply(plan.operations.slice(0, stop));
      halfway.apply(plan.undo, true);
      expect(halfway.state).toEqual(lines(before));
      halfway.apply(plan.undo, true);
      expect(halfway.state).toEqual(lines(before));
    }),
  );
});

test('going back sends nothing: each content that is needed was kept when it was replaced', () => {
  fc.assert(
    fc.property(anyManifest, anyManifest, (first, second) => {
      const forward = planChange(first, second);
      const host = new Host(first, forward.uploads);
      host.apply(forward.operations);
      host.staged.clear();
      const back = planChange(second, first, () => true);
      expect(back.uploads).toEqual([]);
      host.apply(back.operations);
      expect(host.state).toEqual(lines(first));
    }),
  );
});

test('a file goes to its place, a link is made of its target, and nothing is sent for a mode', () => {
  const before = manifest(entry('tool', 'a'));
  const after = manifest(entry('tool', 'a', '755'), entry('one', 'b'), entry('two', 'c', 'link'));
  const { uploads, operations } = planChange(before, after);
  expect(uploads).toEqual([entry('one', 'b'), entry('two', 'c', 'link')]);
  expect(operations).toEqual([`move 644 ${hash('b')} one`, `copy link ${hash('c')} two`, 'mode 755 - tool']);
});

test('a diff names what is added, changed and deleted, with sizes where they are known', () => {
  const before = manifest(entry('a', 'a'), { ...entry('b', 'b'), size: 5 }, entry('same', 's'));
  const after = manifest({ ...entry('b', 'c'), size: 7 }, entry('c', 'c'), entry('same', 's'));
  expect(diffManifests(before, after)).toEqual([
    { path: 'a', kind: 'deleted', before: 1 },
    { path: 'b', kind: 'changed', before: 5, after: 7 },
    { path: 'c', kind: 'added', after: 1 },
  ]);
});

test('a line of a manifest is read back with every space of its path; anything else is none', () => {
  const odd = entry(' two  spaces ', 'f');
  expect(parseManifestLine(formatManifest(manifest(odd)).slice(0, -1))).toEqual({ ...odd, size: undefined });
  expect(['', 'x', `777 ${hash('a')} p`, `644 abc p`, `644 ${hash('a')} `].map(parseManifestLine)).toEqual(
    Array(5).fill(undefined),
  );
});
