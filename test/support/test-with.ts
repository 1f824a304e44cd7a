import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'vitest';

/** A test that needs a program of this machine: left out, and counted as such, where it is missing; a failure in CI. */
export function testWith(program: string): typeof test.skip {
  const there = (process.env['PATH'] ?? '').split(':').some((folder) => existsSync(join(folder, program)));
  return test.runIf(there || process.env['CI'] === 'true');
}
