import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { linesFor, readConfigTree } from '../../engine/ssh-config-tree.ts';

let home = '';
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'tree-'));
  await mkdir(join(home, '.ssh'));
});
afterEach(() => rm(home, { recursive: true }));

async function lines(host: string, text: string): Promise<string[]> {
  const file = join(home, '.ssh', 'config');
  await writeFile(file, text);
  return linesFor(host, await readConfigTree(file, home)).map(
    ({ keyword, rest, number }) => `${number} ${keyword} ${rest}`,
  );
}

test('the lines before the first block and those of blocks that match are for the host', async () => {
  const text = 'ServerAliveInterval 5\nHost w*\n  User ml\nHost * !web\n  Port 2222\n';
  expect(await lines('web', text)).toEqual(['1 serveraliveinterval 5', '3 user ml']);
  expect(await lines('db', text)).toEqual(['1 serveraliveinterval 5', '5 port 2222']);
});

test('an included file keeps to the block that includes it, and its own blocks end with it', async () => {
  await writeFile(join(home, '.ssh', 'more'), 'Host db\n  User root\n');
  expect(await lines('db', 'Host db\n  Include more\n  Port 1\nHost web\n  Include ~/.ssh/more\n')).toEqual([
    '2 user root',
    '3 port 1',
  ]);
});

test('a Match is named without its lines: only ssh can judge it', async () => {
  expect(await lines('web', 'Match exec "true"\n  User a\nHost web\n  User b\n')).toEqual([
    '1 match exec "true"',
    '4 user b',
  ]);
});

test('a line with an open quote is passed over, and a file that is not there has no lines', async () => {
  expect(await lines('web', 'User "a\nPort 3\n')).toEqual(['2 port 3']);
  expect(await readConfigTree(join(home, 'nothing'), home)).toEqual([]);
});
