import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { resolveSshHost } from '../../../engine/ssh/ssh-config.ts';
import { parseTarget } from '../../../shared/target.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ssh-g-'));
});
afterEach(() => rm(folder, { recursive: true }));

const targets = [
  'web',
  'WEB',
  'db',
  'web-test',
  'me@web',
  'ssh://root@web:2300',
  'gate.example.com',
  '10.0.0.7',
  '::1',
];

const corpus: Record<string, string> = {
  'nothing at all': '',
  'comments and blank lines': '# Host web\n\n   \t\n  # Port 1\nPort 2200 # why not\n',
  'the first value wins': 'Host web\n Port 1\n User a\nHost *\n Port 2\n User b\n HostName x.example.com\n',
  'host patterns and negation': 'Host w?b !web-test 10.*\n Port 1\nHost * !web !db\n Port 2\n',
  'quotes, equals signs and tabs':
    'Host = "web" db\n\tPort=2200\n\tUser = "me"\n\tIdentityFile "~/a b/key"\n\tHostName="%h.example.com"\n',
  'carriage returns': 'Host web\r\n  Port 2200\r\n  User me\r\n',
  'identity files add up, once each':
    'IdentityFile ~/.ssh/a\nHost web\n IdentityFile ~/.ssh/b\n IdentityFile ~/.ssh/a\nHost *\n IdentityFile /c\n',
  'tokens in files':
    'Host web\n HostName %h.example.com\n IdentityFile %d/.ssh/%h-%p-%r-%n-%u-%%\n UserKnownHostsFile /kh/%h-%k %d/kh2\n',
  'an alias for keys': 'Host *\n HostKeyAlias prod\n UserKnownHostsFile ~/kh-%k\n',
  'agents and environment':
    'Host web\n IdentityAgent none\nHost db\n IdentityAgent ${AGENT_DIR}/sock-%r\nHost *\n IdentityAgent $AGENT\n',
  'match criteria':
    'Host web\n HostName 10.0.0.7\nMatch host 10.0.0.* user root\n Port 1\nMatch originalhost "web,db" !user root\n Port 2\nMatch localuser nobody\n Port 3\nMatch all\n User fallback\n',
  'match sees the user set before': 'User ml\nMatch user ml\n Port 2200\nMatch !host web\n ServerAliveInterval 7\n',
  'match final': 'Match final host 10.0.0.7\n Port 2200\nHost web\n HostName 10.0.0.7\n',
  'match canonical never holds without canonicalisation': 'Match canonical all\n Port 2200\n',
  jumps:
    'Host web\n ProxyJump me@gate.example.com:2222,[::1]:23\nHost db\n ProxyJump none\nHost * !gate*\n ProxyJump gate.example.com\n',
  'a proxy command with quotes and tokens':
    'Host web\n ProxyCommand sh -c "nc -X %h %p" %r %%\nHost *\n ProxyCommand none\n',
  'of a jump and a command the first':
    'Host web\n ProxyCommand none\n ProxyJump gate\nHost db\n ProxyJump none\n ProxyCommand nc %h %p\nHost *\n ProxyJump other\n ProxyCommand cat\n',
  'a final match looks for the name that was found':
    'Host web\n HostName 10.0.0.7\nMatch final\n HostName other\n User final\nHost 10.0.0.*\n Port 2200\n',
  times: 'ConnectTimeout 1m30s\nServerAliveInterval 2m\nServerAliveCountMax 5\n',
  'yes, no, true and the rest':
    'IdentitiesOnly true\nHashKnownHosts yes\nStrictHostKeyChecking accept-new\nAddressFamily inet6\n',
  'strictness off': 'StrictHostKeyChecking off\n',
  'strictness in capitals': 'StrictHostKeyChecking NO\nIdentitiesOnly YES\nAddressFamily INET\n',
  'algorithms as lists':
    'Ciphers aes256-ctr,aes128-ctr\nKexAlgorithms curve25519-sha256\nHostKeyAlgorithms ssh-ed25519,rsa-sha2-512\n',
  'known hosts elsewhere': 'UserKnownHostsFile /dev/null\nGlobalKnownHostsFile /a /b\n',
  'includes, in and out of blocks': 'Host web\n Include inc/*.conf\nHost *\n Include inc/none inc/b.conf\n Port 99\n',
  'keywords in any case': 'hOsT web\n pOrT 2200\n IDENTITYFILE /k\n',
  backslashes: 'User "dom\\\\me"\nIdentityFile "/k\\"q"\n',
};

/** OpenSSH takes the home from the password database, whatever HOME says; so does the parser here. */
describe('our parser and ssh -G make the same of a file', () => {
  test.each(Object.entries(corpus))('%s', async (_title, config) => {
    const file = join(folder, 'config');
    await writeFile(file, config.replaceAll('inc/', join(folder, 'inc/')));
    await mkdir(join(folder, 'inc'), { recursive: true });
    await writeFile(join(dirname(file), 'inc/a.conf'), 'Port 10\nHost db\n User included\n');
    await writeFile(join(dirname(file), 'inc/b.conf'), 'User second\n');
    const env = { ...process.env, AGENT_DIR: '/agents', AGENT: '/agents/any' };
    for (const text of targets) {
      const common = { configFile: file, home: homedir(), env };
      const target = parseTarget(text);
      const [byParser, bySsh] = [
        await resolveSshHost(target, { ...common, client: false }),
        await resolveSshHost(target, common),
      ];
      expect(bySsh.by).toBe('ssh');
      expect({ target: text, ...byParser.host }).toEqual({ target: text, ...bySsh.host });
    }
  });
});

test('files put together at random: our parser and ssh -G make the same of them', async () => {
  const file = join(folder, 'config');
  const host = fc.constantFrom('web', 'w?b', '*', '!web', 'db', '10.0.0.*', '!db', '"web"');
  const setting = fc.constantFrom(
    ...[
      'Port 2200',
      'port=99',
      'User me',
      'User "you"',
      'HostName %h.example.com',
      'HostName 10.0.0.7',
      'HostName LAB',
    ],
    ...[
      'IdentityFile ~/.ssh/a',
      'IdentityFile /k/%n-%h',
      'IdentitiesOnly yes',
      'IdentityAgent none',
      'IdentityFile none',
    ],
    ...['ProxyJump gate', 'ProxyJump none', 'ProxyJump a@b:1,c', 'ProxyCommand nc %h %p', 'ProxyCommand none'],
    ...['HostKeyAlias prod', 'UserKnownHostsFile /a /b', 'GlobalKnownHostsFile none', 'StrictHostKeyChecking off'],
    ...[
      'ConnectTimeout 1m',
      'ServerAliveInterval 20',
      'ServerAliveCountMax 9',
      'AddressFamily inet6',
      'Ciphers aes256-ctr',
    ],
    ...['# a comment', '', '  Port 7 # why', '\tUser = them'],
  );
  const criterion = fc.constantFrom(
    ...[
      'all',
      'host web',
      'host *.example.com,10.*',
      '!host web',
      'originalhost web,db',
      'user me',
      '!user root',
      'localuser root',
      'final',
    ],
  );
  const block = fc.oneof(
    fc.array(host, { minLength: 1, maxLength: 3 }).map((hosts) => `Host ${hosts.join(' ')}`),
    fc
      .array(criterion, { minLength: 1, maxLength: 2 })
      .map(
        (criteria) =>
          `Match ${[...new Set(criteria)].filter((one, _, all) => one !== 'all' || all.length === 1).join(' ')}`,
      ),
  );
  const text = fc.array(fc.oneof({ weight: 2, arbitrary: setting }, { weight: 1, arbitrary: block }), {
    maxLength: 12,
  });
  await fc.assert(
    fc.asyncProperty(text, fc.constantFrom('web', 'db', 'root@web', '10.0.0.7'), async (lines, target) => {
      await writeFile(file, lines.map((line) => `${line}\n`).join(''));
      const common = { configFile: file, home: homedir(), env: process.env };
      const [byParser, bySsh] = [
        await resolveSshHost(parseTarget(target), { ...common, client: false }),
        await resolveSshHost(parseTarget(target), common),
      ];
      expect(byParser.host).toEqual(bySsh.host);
    }),
    { seed: 2026, numRuns: 80 },
  );
});

test('a mistake is refused by both', async () => {
  const file = join(folder, 'config');
  await writeFile(file, 'Host web\n  Port "22\n');
  for (const client of ['ssh', false] as const) {
    const resolved = resolveSshHost({ host: 'web' }, { configFile: file, home: homedir(), env: process.env, client });
    await expect(resolved).rejects.toMatchObject({ code: 'ssh-config-invalid' });
  }
});

test('Match exec is run by ssh, and only named by the parser', async () => {
  const file = join(folder, 'config');
  await writeFile(file, 'Match exec true\n  Port 2200\n');
  const ports = await Promise.all(
    (['ssh', false] as const).map(async (client) => {
      const { host, unsupported } = await resolveSshHost(
        { host: 'web' },
        { configFile: file, home: homedir(), env: process.env, client },
      );
      return [host.port, unsupported.length];
    }),
  );
  expect(ports).toEqual([
    [2200, 0],
    [22, 1],
  ]);
});
