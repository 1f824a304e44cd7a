import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { joinStrings } from '../../../engine/ssh/key-blob.ts';
import { appendHostKey, readKnownHosts } from '../../../engine/ssh/known-hosts-file.ts';
import { judgeHostKey } from '../../../engine/ssh/known-hosts.ts';

const key = joinStrings(['ssh-ed25519', '.'.repeat(32)]);
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'known-hosts-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('a remembered key is hashed, in a file and a folder that only their owner can read', async () => {
  const file = join(folder, 'ssh', 'known_hosts');
  await appendHostKey(file, '[web]:2222', 'ssh-ed25519', key);
  const modes = await Promise.all([stat(join(folder, 'ssh')), stat(file)]).then((all) =>
    all.map((s) => s.mode & 0o777),
  );
  const text = await readFile(file, 'utf8');
  const verdict = judgeHostKey(await readKnownHosts([file]), { name: '[web]:2222' }, key);
  expect([modes, text.includes('web'), verdict.kind]).toEqual([[0o700, 0o600], false, 'trusted']);
});

test('a last line without its newline is not spoiled', async () => {
  const file = join(folder, 'known_hosts');
  await writeFile(file, `db ssh-ed25519 ${key.toString('base64')}`);
  await appendHostKey(file, 'web', 'ssh-ed25519', key);
  const entries = await readKnownHosts([file]);
  expect(entries.map((entry) => [entry.line, entry.hosts.slice(0, 3)])).toEqual([
    [1, 'db'],
    [2, '|1|'],
  ]);
});

test('a missing file has no entries, an unreadable one is a failure', async () => {
  expect(await readKnownHosts([join(folder, 'nowhere'), join(folder, 'no', 'such')])).toEqual([]);
  await expect(readKnownHosts([folder])).rejects.toMatchObject({ code: 'known-hosts-unreadable' });
});

test('a file that cannot be written is a failure that says what to do', async () => {
  await expect(appendHostKey(folder, 'web', 'ssh-ed25519', key)).rejects.toMatchObject({
    code: 'known-hosts-unwritable',
  });
});

test('with /dev/null for the file a key is accepted and forgotten', async () => {
  await appendHostKey('/dev/null', 'shop', 'ssh-ed25519', Buffer.from('key'));
  expect(await readKnownHosts(['/dev/null'])).toEqual([]);
});
