import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PromptRequest } from '../../../shared/prompt.ts';
import { fingerprintOf, randomartOf } from '../../../engine/ssh/fingerprint.ts';
import { HostKeyCheck, type HostKeyOptions } from '../../../engine/ssh/host-key.ts';
import { joinStrings } from '../../../engine/ssh/key-blob.ts';

const key = joinStrings(['ssh-ed25519', '.'.repeat(32)]);
const other = joinStrings(['ssh-ed25519', '!'.repeat(32)]);
let folder = '';
let file = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'host-key-'));
  file = join(folder, "kh it's");
});
afterEach(() => rm(folder, { recursive: true }));

function check(more: Partial<HostKeyOptions> = {}): Promise<{ valid: boolean; check: HostKeyCheck }> {
  const check = new HostKeyCheck({
    hostId: 'web',
    hostName: 'web.example.com',
    port: 2222,
    userKnownHostsFiles: [file],
    globalKnownHostsFiles: [join(folder, 'global')],
    unknownKey: 'ask',
    prompter: () => Promise.resolve(undefined),
    signal: new AbortController().signal,
    ...more,
  });
  return new Promise((resolve) => check.verify(key, (valid) => resolve({ valid, check })));
}

test('an unknown key is asked about with all one needs to judge it, and remembered when accepted', async () => {
  await writeFile(file, `web-old ssh-ed25519 ${key.toString('base64')}\n`);
  const asked: PromptRequest[] = [];
  const prompter: HostKeyOptions['prompter'] = async (request) => {
    asked.push(request);
    return { kind: 'host-key', hostId: 'web', accept: true };
  };
  const first = await check({ prompter, address: '10.0.0.7' });
  const second = await check({ prompter });
  expect(asked).toEqual([
    {
      kind: 'host-key',
      hostId: 'web',
      host: '[web.example.com]:2222',
      port: 2222,
      address: '10.0.0.7',
      keyType: 'ssh-ed25519',
      fingerprint: fingerprintOf(key),
      randomart: randomartOf(key),
      knownAs: ['web-old'],
    },
  ]);
  expect([first.check.accepted?.added, second.check.accepted?.added]).toEqual([true, false]);
});

test('the question about a host that an authority vouches for says where the authority is known', async () => {
  await writeFile(file, `# ours\n@cert-authority *.example.com ssh-ed25519 ${key.toString('base64')}\n`);
  const asked: PromptRequest[] = [];
  await check({
    prompter: (request) => Promise.resolve(void asked.push(request)),
    hostName: 'web.example.com',
    port: 22,
  });
  expect(asked).toMatchObject([{ kind: 'host-key', authority: `${file}:2` }]);
});

test.each([
  ['declined', async () => ({ kind: 'host-key', hostId: 'web', accept: false }) as const],
  ['answered by nobody', async () => undefined],
  ['answered out of place', async () => ({ kind: 'password', hostId: 'web', password: 'yes' }) as const],
])('an unknown key whose question is %s is refused and not remembered', async (_title, prompter) => {
  const { valid, check: done } = await check({ prompter });
  expect([valid, done.failure?.code]).toEqual([false, 'host-key-unknown']);
  await expect(readFile(file)).rejects.toThrow('ENOENT');
});

test('--accept-new takes an unknown key unasked, strict checking refuses it unasked', async () => {
  const prompter = (): never => {
    throw new Error('nobody is to be asked');
  };
  const strict = await check({ unknownKey: 'refuse', prompter });
  const accepting = await check({ unknownKey: 'accept-new', prompter });
  expect([strict.valid, strict.check.failure?.code, accepting.valid]).toEqual([false, 'host-key-unknown', true]);
});

test('a changed key stops even with --accept-new, and shows both fingerprints, the place and the way out', async () => {
  await writeFile(file, `# mine\n[web.example.com]:2222 ssh-ed25519 ${other.toString('base64')}\n`);
  const { valid, check: done } = await check({ unknownKey: 'accept-new' });
  const quoted = file.replace("'", `'\\''`);
  expect([valid, done.failure?.failure]).toEqual([
    false,
    {
      code: 'host-key-changed',
      message: `The key of [web.example.com]:2222 has changed: known is the ED25519 key ${fingerprintOf(other)} (${file}:2), it now shows the ED25519 key ${fingerprintOf(key)}. Somebody may be in between.`,
      hint: `If its owner confirms the new key, forget the old one: ssh-keygen -f '${quoted}' -R '[web.example.com]:2222'`,
    },
  ]);
});

test('a key revoked in the global file stops, although the user’s file trusts it', async () => {
  await writeFile(file, `[web.example.com]:2222 ssh-ed25519 ${key.toString('base64')}\n`);
  await writeFile(join(folder, 'global'), `@revoked * ssh-ed25519 ${key.toString('base64')}\n`);
  const { valid, check: done } = await check({ unknownKey: 'accept-new' });
  expect([valid, done.failure?.code]).toEqual([false, 'host-key-revoked']);
});

test('a key that cannot be remembered or checked is refused', async () => {
  const unwritable = await check({ unknownKey: 'accept-new', userKnownHostsFiles: [join(folder, 'none', '\0')] });
  const unreadable = await check({ unknownKey: 'accept-new', globalKnownHostsFiles: [folder] });
  expect([unwritable.valid, unreadable.valid, unreadable.check.failure?.code]).toEqual([
    false,
    false,
    'known-hosts-unreadable',
  ]);
});
