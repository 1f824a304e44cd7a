import { expect, test } from 'vitest';
import type { ManifestEntry } from '../../../engine/deploy/manifest.ts';
import { previewFiles } from '../../../engine/deploy/preview.ts';
import type { Project } from '../../../engine/deploy/stack.ts';

const project: Project = {
  ...{ files: [], composeFiles: ['stack'], envFiles: ['./conf/web.vars'], env: new Map() },
  ...{ builds: false, ports: [], warnings: [] },
};

const manifest = (...entries: Partial<ManifestEntry>[]) =>
  new Map(entries.map((entry) => [entry.path ?? '', { path: '', mode: '644', hash: '', size: 1, ...entry } as const]));

test('the host is sent what Compose reads: its files, what they may include, variables; no data and no link', () => {
  const files = manifest(
    ...['stack', '.env', 'conf/web.vars', 'parts/db.yaml', 'www/index.html'].map((path) => ({ path })),
    { path: 'link.yml', mode: 'link' },
    { path: 'huge.yml', size: 1_000_000 },
  );
  expect(previewFiles(project, files).map(({ path }) => path)).toEqual([
    'stack',
    '.env',
    'conf/web.vars',
    'parts/db.yaml',
  ]);
});
