import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FailureError } from '../../../shared/failure.ts';
import { parseTarget } from '../../../shared/target.ts';
import { resolveSshHost, type Resolution, type ResolveOptions } from '../../../engine/ssh/ssh-config.ts';

let home = '';

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'ssh-config-'));
});
afterEach(() => rm(home, { recursive: true }));

async function write(path: string, text: string): Promise<string> {
  const file = join(home, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  return file;
}

async function resolve(target: string, config: string, more: Partial<ResolveOptions> = {}): Promise<Resolution> {
  const configFile = await write('.ssh/config', config);
  return resolveSshHost(parseTarget(target), {
    configFile,
    home,
    env: { TOKENS: '/run/tokens' },
    client: false,
    ...more,
  });
}

describe('without OpenSSH the files are read as ssh reads them', () => {
  test('the first value wins, identity files add up, and the target beats the file', async () => {
    const config = `
User early
Host web
  HostName %h.example.com
  User late
  Port = 2200
  IdentityFile ~/.ssh/one
  IdentityFile "~/with space"
Host *
  IdentityFile=/keys/%r@%h:%p-%n
  ConnectTimeout 1m30s
`;
    const { host } = await resolve('ssh://web:2300', config);
    expect([host.hostName, host.user, host.port, host.connectTimeoutMs, host.identityFiles.map((f) => f.path)]).toEqual(
      [
        'web.example.com',
        'early',
        2300,
        90_000,
        [join(home, '.ssh/one'), join(home, 'with space'), '/keys/early@web.example.com:2300-web'],
      ],
    );
  });

  test('negated patterns, Match criteria and quoted words decide what applies', async () => {
    const config = `
Host web* !web-test
  HostName 10.0.0.7
Match host 10.0.0.* user root
  Port 1
Match originalhost "web-prod" !user root
  Port 2
Match all
  Compression yes
  ServerAliveCountMax 7
`;
    const of = async (target: string): Promise<unknown> => {
      const { host } = await resolve(target, config);
      return [host.hostName, host.port, host.serverAliveCountMax];
    };
    expect([await of('root@web-prod'), await of('me@web-prod'), await of('me@web-test')]).toEqual([
      ['10.0.0.7', 1, 7],
      ['10.0.0.7', 2, 7],
      ['web-test', 22, 7],
    ]);
  });

  test('included files stand where they are included, in the block that includes them', async () => {
    await write('.ssh/conf.d/10-web', 'Host web\n  Port 10\nHost *\n  User included\n');
    await write('.ssh/conf.d/20-db', 'Host db\n  Port 20\n');
    const config = 'Host web db\n  Include conf.d/*\n  IdentityAgent none\nHost *\n  Port 30\n';
    const of = async (name: string): Promise<unknown> => {
      const { host } = await resolve(`me@${name}`, config);
      return [host.port, host.identityAgent];
    };
    expect([await of('web'), await of('db'), await of('other')]).toEqual([
      [10, 'none'],
      [20, 'none'],
      [30, undefined],
    ]);
  });

  test('Match exec is not run, and is named with its place', async () => {
    const { host, unsupported } = await resolve('web', 'Match exec "touch /tmp/never"\n  Port 2200\n');
    expect([host.port, unsupported]).toEqual([22, [`Match exec (${join(home, '.ssh/config')}:1)`]]);
  });

  test('Match final is looked at in a second reading', async () => {
    const config = 'Match final host 10.0.0.7\n  Port 2200\nHost web\n  HostName 10.0.0.7\n';
    expect((await resolve('web', config)).host.port).toBe(2200);
  });

  test('jumps, a proxy command, agents, known hosts and algorithms come out in a usable form', async () => {
    const config = `
Host inner
  ProxyJump me@gate:2222,ssh://[::1]:23
  IdentityAgent \${TOKENS}/agent
  IdentitiesOnly yes
  UserKnownHostsFile ~/kh-%k /kh2
  HostKeyAlias prod
  Ciphers ^aes256-ctr
  StrictHostKeyChecking off
  AddressFamily inet6
Host proxied
  ProxyCommand nc -X %h %p %% # not a comment
`;
    const { host } = await resolve('inner', config);
    const proxied = await resolve('proxied', config);
    expect({ ...host, identityFiles: [], user: '' }).toEqual({
      hostName: 'inner',
      port: 22,
      user: '',
      identityFiles: [],
      identitiesOnly: true,
      identityAgent: '/run/tokens/agent',
      proxyJump: [
        { host: 'gate', user: 'me', port: 2222 },
        { host: '::1', port: 23 },
      ],
      hostKeyAlias: 'prod',
      userKnownHostsFiles: [join(home, 'kh-prod'), '/kh2'],
      globalKnownHostsFiles: ['/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2'],
      addressFamily: 'inet6',
      ciphers: '^aes256-ctr',
      strictHostKeyChecking: 'no',
      hashKnownHosts: false,
    });
    expect(proxied.host.proxyCommand).toBe('nc -X proxied 22 % # not a comment');
  });

  test('with no configuration ssh’s own key files are listed, and which of them are there', async () => {
    await write('.ssh/id_ed25519', 'key');
    const { host } = await resolveSshHost({ host: 'web' }, { configFile: 'none', home, env: {}, client: false });
    const there = host.identityFiles.filter((file) => file.exists);
    expect([there, host.identitiesOnly]).toEqual([
      [{ path: join(home, '.ssh/id_ed25519'), exists: true, configured: false }],
      false,
    ]);
  });

  test('the command line’s key and known_hosts beat the file, and only that key is used', async () => {
    const overrides = { identityFile: '~/mine', knownHostsFile: '~/kh' };
    const { host } = await resolve('web', 'IdentityFile ~/other\nUserKnownHostsFile /kh\n', { overrides });
    expect([host.identityFiles.map((file) => file.path), host.identitiesOnly, host.userKnownHostsFiles]).toEqual([
      [join(home, 'mine')],
      true,
      [join(home, 'kh')],
    ]);
  });
});

describe('a mistake in the file', () => {
  test.each([
    ['Host web\n  IdentityFile "open', /config:2: a quote is not closed/],
    ['Port', /config:1: port has no argument/],
    ['ServerAliveInterval soon', /ServerAliveInterval: soon/],
    ['AddressFamily ipv9', /AddressFamily: ipv9/],
    ['IdentityFile ${NOWHERE}/key', /NOWHERE/],
    ['Match user', /Match user has no argument/],
  ])('%j is told with its place', async (config, message) => {
    await expect(resolve('web', config)).rejects.toThrow(message);
    await expect(resolve('web', config)).rejects.toMatchObject({ code: 'ssh-config-invalid' });
  });

  test('a file that includes itself ends in a failure', async () => {
    await expect(resolve('web', 'Include config\n')).rejects.toMatchObject({ code: 'ssh-config-invalid' });
  });

  test('no text does worse than a failure', async () => {
    const word = fc.constantFrom(
      'Host',
      'Match',
      'Include',
      'Port',
      'all',
      'final',
      '"',
      "'",
      '\\',
      '=',
      '*',
      '!',
      '#',
      '\n',
      ' ',
      '%',
      '%h',
      '${X}',
      '~',
      'IdentityFile',
      '\0',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(word, fc.string()), { maxLength: 30 }), async (parts) => {
        const outcome = await resolve('web', parts.join(' ')).catch((error: unknown) => error);
        expect(outcome instanceof Error && !(outcome instanceof FailureError)).toBe(false);
      }),
      { numRuns: 60 },
    );
  });
});

test('where the client is not installed the parser takes over by itself', async () => {
  expect((await resolve('web', 'Port 2200\n', { client: join(home, 'no-ssh-here') })).by).toBe('parser');
});
