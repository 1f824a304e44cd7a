import { posix } from 'node:path';
import type { Project } from './stack.ts';
import type { Manifest, ManifestEntry } from './manifest.ts';

const maxBytes = 256 * 1024;

/** What the host needs to render the configuration: the compose files, those that they may include, and variables. */
export function previewFiles(project: Project, manifest: Manifest): ManifestEntry[] {
  const named = new Set([...project.composeFiles, ...project.envFiles, '.env'].map((path) => posix.normalize(path)));
  return [...manifest.values()].filter(
    ({ path, mode, size = 0 }) =>
      mode !== 'link' && (named.has(path) || (/\.(ya?ml|env)$/.test(path) && size <= maxBytes)),
  );
}
