import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { appendHostKey, readKnownHosts } from '../../../engine/ssh/known-hosts-file.ts';
import { hostKeyNames, isNamed, judgeHostKey, type HostKeyVerdict } from '../../../engine/ssh/known-hosts.ts';
import { readPublicKey } from '../../../engine/ssh/private-key.ts';
import { LoopbackSshd } from './loopback-sshd.ts';

const run = promisify(execFile);
let sshd: LoopbackSshd;
let folder = '';
let file = '';
let own = '';
let ecdsa = '';
let other = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'known-hosts-'));
  file = join(folder, 'known_hosts');
  for (const [name, type] of [
    ['user', 'ed25519'],
    ['other', 'ed25519'],
  ] as const) {
    await run('ssh-keygen', ['-q', '-t', type, '-N', '', '-f', join(folder, name)]);
  }
  sshd = await LoopbackSshd.start({
    hostKeys: ['ed25519', 'ecdsa'],
    authorizedKeys: [await readFile(join(folder, 'user.pub'), 'utf8')],
  });
  [own, ecdsa, other] = (await Promise.all(
    [sshd.publicKeyFile('ed25519'), sshd.publicKeyFile('ecdsa'), join(folder, 'other.pub')].map(publicPart),
  )) as [string, string, string];
});
afterAll(async () => {
  await sshd.dispose();
  await rm(folder, { recursive: true });
});

async function publicPart(path: string): Promise<string> {
  return (await readFile(path, 'utf8')).split(' ').slice(0, 2).join(' ');
}

/** What ssh itself decides about the Ed25519 key of the running sshd. */
async function decidedBySsh(alias?: string): Promise<HostKeyVerdict['kind'] | 'unclear'> {
  const options = [
    'BatchMode=yes',
    'StrictHostKeyChecking=yes',
    `UserKnownHostsFile=${file}`,
    'GlobalKnownHostsFile=/dev/null',
    'HostKeyAlgorithms=ssh-ed25519',
    'IdentitiesOnly=yes',
    'CheckHostIP=no',
    ...(alias === undefined ? [] : [`HostKeyAlias=${alias}`]),
  ];
  const words = options.flatMap((option) => ['-o', option]);
  const login = [...words, '-F', 'none', '-i', join(folder, 'user'), '-p', String(sshd.port), '127.0.0.1', 'true'];
  const said = await run('ssh', login).then(
    () => 'let in',
    (error: unknown) => (error as { stderr: string }).stderr,
  );
  if (said === 'let in') return 'trusted';
  if (/REVOKED HOST KEY/.test(said)) return 'revoked';
  if (/IDENTIFICATION HAS CHANGED/.test(said)) return 'changed';
  return /Host key verification failed/.test(said) ? 'unknown' : 'unclear';
}

async function decidedByUs(alias?: string): Promise<HostKeyVerdict['kind']> {
  const key = await readPublicKey(sshd.publicKeyFile('ed25519'));
  if (key === undefined) throw new Error('sshd has no key');
  const host = { hostName: '127.0.0.1', port: sshd.port, ...(alias === undefined ? {} : { hostKeyAlias: alias }) };
  return judgeHostKey(await readKnownHosts([file]), hostKeyNames(host), key).kind;
}

/** OWN, ECDSA and OTHER stand for keys, NAME for the name with its port. */
const fixtures: [string, string, HostKeyVerdict['kind'], string?][] = [
  ['an empty file', '', 'unknown'],
  ['the key under its name', 'NAME OWN\n', 'trusted'],
  ['the key without its port', '127.0.0.1 OWN\n', 'trusted'],
  ['another key without its port', '127.0.0.1 OTHER\n', 'unknown'],
  ['another key', 'NAME OTHER\n', 'changed'],
  ['another key, then the key', 'NAME OTHER\nNAME OWN\n', 'trusted'],
  ['only another type', 'NAME ECDSA\n', 'changed'],
  ['another type and the key', 'NAME ECDSA\nNAME OWN comment here\n', 'trusted'],
  ['another key with the port, the key without', 'NAME OTHER\n127.0.0.1 OWN\n', 'changed'],
  ['a pattern', '[127.0.*]:* OWN\n', 'trusted'],
  ['a pattern with a negation', '[127.0.*]:*,!NAME OWN\n', 'unknown'],
  ['a negation of others', '*,!other OWN\n', 'trusted'],
  ['only a negation', '!other OWN\n', 'unknown'],
  ['several names', 'a,b,NAME OWN\n', 'trusted'],
  ['revoked', '@revoked * OWN\n', 'revoked'],
  ['revoked and trusted', 'NAME OWN\n@revoked * OWN\n', 'revoked'],
  ['another key revoked', '@revoked NAME OTHER\nNAME OWN\n', 'trusted'],
  ['only another key revoked', '@revoked NAME OTHER\n', 'unknown'],
  ['the key as an authority', '@cert-authority * OWN\n', 'unknown'],
  ['another key as an authority', '@cert-authority NAME OTHER\nNAME OWN\n', 'trusted'],
  ['two markers', '@revoked @cert-authority * OWN\nNAME OWN\n', 'trusted'],
  ['an unknown marker', '@trusted NAME OWN\n', 'unknown'],
  ['comments, blanks and junk', '# x\n\n   \njunk\nNAME\n  NAME OWN\n', 'trusted'],
  ['tabs', 'NAME\tOWN\n', 'trusted'],
  ['carriage returns', 'NAME OWN\r\n', 'trusted'],
  ['no newline at the end', 'NAME OWN', 'trusted'],
  ['the wrong type before the key', 'NAME ssh-rsa MANGLED\n', 'unknown'],
  ['the alias', 'prod OWN\n', 'trusted', 'prod'],
  ['the name, but an alias is asked for', 'NAME OWN\n', 'unknown', 'prod'],
  ['another key under the alias', 'prod OTHER\nNAME OWN\n', 'changed', 'prod'],
];

function filled(text: string): string {
  return text
    .replaceAll('NAME', `[127.0.0.1]:${sshd.port}`)
    .replaceAll('OWN', own)
    .replaceAll('ECDSA', ecdsa)
    .replaceAll('OTHER', other)
    .replaceAll('MANGLED', own.split(' ')[1] ?? '');
}

describe('ssh and we decide alike', () => {
  test.each(fixtures)('%s', async (_title, text, verdict, alias) => {
    await writeFile(file, filled(text), { mode: 0o600 });
    expect([await decidedBySsh(alias), await decidedByUs(alias)]).toEqual([verdict, verdict]);
  });

  test('when ssh-keygen has hashed the names', async () => {
    await writeFile(file, filled('NAME OWN\nweb OTHER\n'), { mode: 0o600 });
    await run('ssh-keygen', ['-q', '-H', '-f', file]);
    expect([
      await readFile(file, 'utf8').then((text) => text.includes('127')),
      await decidedBySsh(),
      await decidedByUs(),
    ]).toEqual([false, 'trusted', 'trusted']);
  });
});

test('files put together at random: whatever ssh decides, so do we', async () => {
  const pattern = fc.constantFrom(
    'NAME',
    '127.0.0.1',
    '*',
    '[127.0.*]:*',
    '127.0.0.?',
    '!NAME',
    '!127.0.0.1',
    '!other',
    'other',
  );
  const line = fc
    .record({
      indent: fc.constantFrom('', '', ' ', '\t'),
      marker: fc.constantFrom('', '', '', '@revoked ', '@cert-authority ', '@other '),
      hosts: fc.array(pattern, { minLength: 1, maxLength: 3 }),
      key: fc.constantFrom(
        'OWN',
        'OWN',
        'ECDSA',
        'OTHER',
        'OTHER and a comment',
        'ssh-rsa MANGLED',
        'ssh-ed25519 ????',
        'junk',
        '',
      ),
      end: fc.constantFrom('\n', '\n', '\r\n', '\n\n# a comment\n'),
    })
    .map(({ indent, marker, hosts, key, end }) => `${indent}${marker}${hosts.join(',')} ${key}${end}`);
  await fc.assert(
    fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 4 }), async (lines) => {
      await writeFile(file, filled(lines.join('')), { mode: 0o600 });
      expect(await decidedByUs()).toBe(await decidedBySsh());
    }),
    { seed: 2026, numRuns: 20 },
  );
});

test('what we remember, ssh trusts, and ssh-keygen finds and removes', async () => {
  await rm(file, { force: true });
  const name = `[127.0.0.1]:${sshd.port}`;
  const key = await readPublicKey(sshd.publicKeyFile('ed25519'));
  await appendHostKey(file, name, 'ssh-ed25519', key ?? Buffer.alloc(0));
  expect(await decidedBySsh()).toBe('trusted');
  const found = await run('ssh-keygen', ['-F', name, '-f', file]);
  expect(found.stdout).toContain('found: line 1');
  await run('ssh-keygen', ['-R', name, '-f', file]);
  expect([await decidedBySsh(), await decidedByUs()]).toEqual(['unknown', 'unknown']);
});

test('names are found where ssh-keygen -F finds them', async () => {
  const patterns = ['web', 'WEB,db', '*.example.com,!secret.*', '[web]:2222', '10.0.0.?', '!web,*', '*'];
  await writeFile(file, patterns.map((hosts) => `${hosts} ${own}\n`).join(''), { mode: 0o600 });
  const entries = await readKnownHosts([file]);
  for (const name of [
    'web',
    'WEB',
    'db',
    'a.example.com',
    'secret.example.com',
    '[web]:2222',
    '10.0.0.7',
    '10.0.0.77',
  ]) {
    const { stdout } = await run('ssh-keygen', ['-F', name, '-f', file]).catch(() => ({ stdout: '' }));
    const lines = [...stdout.matchAll(/found: line (\d+)/g)].map((match) => Number(match[1]));
    const ours = entries.filter((entry) => isNamed(entry, name)).map((entry) => entry.line);
    expect([name, ours]).toEqual([name, lines]);
  }
});
