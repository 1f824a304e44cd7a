import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sshAliases } from '../../engine/ssh-aliases.ts';

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'towline-aliases-'));
  await mkdir(join(home, '.ssh'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

async function config(name: string, ...lines: readonly string[]): Promise<void> {
  await writeFile(join(home, '.ssh', name), lines.join('\n'));
}

test('single hosts are listed once, in the order of the file, with what their own block says', async () => {
  await config(
    'config',
    'User everybody',
    'Host shop-staging',
    '  HostName staging.acme.dev',
    '  User deploy',
    'Host metal-02 metal-03 *.internal !old',
    '  HostName %h.acme.dev',
    '  Port 2222',
    '  ProxyJump bastion',
    'Match host shop-staging',
    '  User other',
    'Include more',
    'Host *',
    '  User nobody',
  );
  await config('more', 'Host pi', '  HostName 10.0.0.9', 'Host shop-staging', '  HostName second');
  expect(await sshAliases(home)).toEqual([
    { name: 'shop-staging', where: 'deploy@staging.acme.dev' },
    { name: 'metal-02', where: 'metal-02.acme.dev:2222 via bastion' },
    { name: 'metal-03', where: 'metal-03.acme.dev:2222 via bastion' },
    { name: 'pi', where: '10.0.0.9' },
  ]);
});

test('without a config there are none', async () => {
  expect(await sshAliases(home)).toEqual([]);
});
