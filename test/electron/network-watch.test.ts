import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { silentLogger } from '../../engine/base/logger.ts';
import { watchNetwork } from '../../electron/network-watch.ts';
import { TestClock } from '../support/test-clock.ts';
import { waitFor } from '../support/wait-for.ts';

let folder: string;
const clock = new TestClock();
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tl-net-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('another name server means another network: told once, when it is written down to the end', async () => {
  const real = join(folder, 'run', 'resolv.conf');
  await mkdir(join(folder, 'run'));
  await writeFile(real, 'nameserver 192.0.2.1\n');
  const file = join(folder, 'resolv.conf');
  await symlink(real, file); // as systemd-resolved has it
  let changes = 0;
  const watching = await watchNetwork({ file, onDidChange: () => (changes += 1), clock, log: silentLogger });
  for (const server of ['198.51.100.1', '198.51.100.2']) {
    await writeFile(`${real}.new`, `nameserver ${server}\n`);
    await rename(`${real}.new`, real);
    await waitFor(() => clock.pending === 1, { what: 'the change to be seen' });
  }
  await clock.advance(500);
  expect(changes).toBe(1);
  await watching.dispose();
});

test('a system without such a file is only not watched', async () => {
  const warned: string[] = [];
  const log = { ...silentLogger, warn: (message: string) => warned.push(message) };
  const file = join(folder, 'none');
  await (await watchNetwork({ file, onDidChange: () => undefined, clock, log })).dispose();
  expect(warned).toEqual(['the network is not watched']);
});
