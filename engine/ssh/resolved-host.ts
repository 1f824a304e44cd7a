import { stat } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { FailureError } from '../../shared/failure.ts';
import { parseTarget, type Target } from '../../shared/target.ts';
import { firstOf, type SshSettings } from './ssh-settings.ts';
import { expandEnvironment, expandHome, expandTokens, type TokenValues } from './ssh-tokens.ts';

export interface IdentityFile {
  readonly path: string;
  readonly exists: boolean;
  /** The user's own wish; false for the files ssh tries by itself. */
  readonly configured: boolean;
}

/** All that ssh_config decides about a connection, tokens and `~` expanded. */
export interface ResolvedHost {
  readonly hostName: string;
  readonly port: number;
  readonly user: string;
  readonly identityFiles: readonly IdentityFile[];
  readonly identitiesOnly: boolean;
  /** A path, a `$VARIABLE`, `SSH_AUTH_SOCK` or `none`; undefined: ssh's default. */
  readonly identityAgent?: string;
  /** The hosts to go through, the nearest first. */
  readonly proxyJump: readonly Target[];
  readonly proxyCommand?: string;
  readonly hostKeyAlias?: string;
  readonly userKnownHostsFiles: readonly string[];
  readonly globalKnownHostsFiles: readonly string[];
  readonly connectTimeoutMs?: number;
  readonly serverAliveIntervalMs?: number;
  readonly serverAliveCountMax?: number;
  readonly addressFamily: 'any' | 'inet' | 'inet6';
  /** Wishes in ssh_config's own syntax, absent when nobody wished. */
  readonly ciphers?: string;
  readonly kexAlgorithms?: string;
  readonly hostKeyAlgorithms?: string;
  /** `no` never means that a changed key is accepted here. */
  readonly strictHostKeyChecking: 'ask' | 'yes' | 'accept-new' | 'no';
  readonly hashKnownHosts: boolean;
}

export interface ResolveContext {
  readonly target: Target;
  readonly home: string;
  readonly localUser: string;
  readonly env: NodeJS.ProcessEnv;
  readonly identityFile?: string;
  readonly knownHostsFile?: string;
}

const defaultKeys = ['id_rsa', 'id_ecdsa', 'id_ecdsa_sk', 'id_ed25519', 'id_ed25519_sk', 'id_xmss', 'id_dsa'];
const defaultKnownHosts = ['~/.ssh/known_hosts', '~/.ssh/known_hosts2'];
const defaultGlobalKnownHosts = ['/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2'];

/** Makes values of settings. Throws `ssh-config-invalid` for a value that means nothing. */
export async function resolveSettings(settings: SshSettings, context: ResolveContext): Promise<ResolvedHost> {
  const { target, home, localUser, env } = context;
  const hostName = (firstOf(settings, 'hostname') ?? target.host).replace(/%([h%])/g, (_, c) =>
    c === 'h' ? target.host : '%',
  );
  const hostKeyAlias = firstOf(settings, 'hostkeyalias');
  const values: TokenValues = {
    home,
    localUser,
    originalHost: target.host,
    hostName: hostName.toLowerCase(),
    port: Number(firstOf(settings, 'port') ?? 22),
    user: firstOf(settings, 'user') ?? localUser,
    ...(hostKeyAlias === undefined ? {} : { hostKeyAlias }),
  };
  const expand = (keyword: string, text: string): string => {
    try {
      return expandTokens(expandEnvironment(expandHome(text, home), env), values);
    } catch (error) {
      throw invalidValue(keyword, `${text}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  const paths = (keyword: string, usual: readonly string[]): string[] =>
    (settings.get(keyword) ?? usual)
      .filter((path) => path !== 'none')
      .map((path) => expand(keyword, path))
      .map((path) => (isAbsolute(path) ? path : resolve(path)));
  const proxyJump = jumpsOf(firstOf(settings, 'proxyjump'));
  const proxyCommand = ownValue(settings, 'proxycommand');
  const agent = firstOf(settings, 'identityagent');
  return {
    hostName: values.hostName,
    port: values.port,
    user: values.user,
    identityFiles: await identityFiles(settings, context, paths),
    identitiesOnly: context.identityFile !== undefined || isYes(firstOf(settings, 'identitiesonly')),
    ...(agent === undefined ? {} : { identityAgent: expand('identityagent', agent) }),
    proxyJump,
    ...(proxyCommand === undefined || proxyJump.length > 0 ? {} : { proxyCommand: expandTokens(proxyCommand, values) }),
    ...(hostKeyAlias === undefined ? {} : { hostKeyAlias }),
    userKnownHostsFiles:
      context.knownHostsFile === undefined
        ? paths('userknownhostsfile', defaultKnownHosts)
        : [resolve(expandHome(context.knownHostsFile, home))],
    globalKnownHostsFiles: paths('globalknownhostsfile', defaultGlobalKnownHosts),
    ...optional('connectTimeoutMs', milliseconds('ConnectTimeout', ownValue(settings, 'connecttimeout'))),
    ...optional(
      'serverAliveIntervalMs',
      milliseconds('ServerAliveInterval', ownValue(settings, 'serveraliveinterval')),
    ),
    ...optional('serverAliveCountMax', wholeNumber('ServerAliveCountMax', ownValue(settings, 'serveralivecountmax'))),
    addressFamily: oneOf('AddressFamily', firstOf(settings, 'addressfamily'), ['any', 'inet', 'inet6']),
    ...optional('ciphers', firstOf(settings, 'ciphers')),
    ...optional('kexAlgorithms', firstOf(settings, 'kexalgorithms')),
    ...optional('hostKeyAlgorithms', firstOf(settings, 'hostkeyalgorithms')),
    strictHostKeyChecking: strictness(firstOf(settings, 'stricthostkeychecking')),
    hashKnownHosts: isYes(firstOf(settings, 'hashknownhosts')),
  };
}

async function identityFiles(
  settings: SshSettings,
  { home, identityFile }: ResolveContext,
  paths: (keyword: string, usual: readonly string[]) => string[],
): Promise<IdentityFile[]> {
  const configured = identityFile !== undefined || settings.has('identityfile');
  const usual = defaultKeys.map((name) => join(home, '.ssh', name));
  const files = identityFile === undefined ? paths('identityfile', usual) : [resolve(expandHome(identityFile, home))];
  return Promise.all(files.map(async (path) => ({ path, configured, exists: await isThere(path) })));
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function optional<K extends string, T>(name: K, value: T | undefined): { [key in K]?: T } {
  return value === undefined ? {} : ({ [name]: value } as { [key in K]: T });
}

function ownValue(settings: SshSettings, keyword: string): string | undefined {
  const value = firstOf(settings, keyword);
  return value?.toLowerCase() === 'none' ? undefined : value;
}

function jumpsOf(text: string | undefined): Target[] {
  if (text === undefined || text.toLowerCase() === 'none') return [];
  return text.split(',').map((hop) => parseTarget(/^ssh:\/\//i.test(hop) ? hop : `ssh://${hop}`));
}

function isYes(value: string | undefined): boolean {
  return /^(yes|true)$/i.test(value ?? '');
}

function strictness(value: string | undefined): ResolvedHost['strictHostKeyChecking'] {
  const given = value?.toLowerCase();
  const word = given === 'true' ? 'yes' : given === 'off' || given === 'false' ? 'no' : given;
  return oneOf('StrictHostKeyChecking', word, ['ask', 'yes', 'accept-new', 'no']);
}

/** The word if it is one of those allowed, the first of them when nothing is said. */
function oneOf<T extends string>(keyword: string, value: string | undefined, words: readonly [T, ...T[]]): T {
  if (value === undefined) return words[0];
  const found = words.find((word) => word === value.toLowerCase());
  if (found === undefined) throw invalidValue(keyword, value);
  return found;
}

const unitMs: Readonly<Record<string, number>> = { s: 1e3, m: 60e3, h: 3_600e3, d: 86_400e3, w: 604_800e3 };

/** ssh's time format: seconds, or a sum like 1m30s. */
function milliseconds(keyword: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (!/^(\d+[smhdw]?)+$/i.test(value)) throw invalidValue(keyword, value);
  const parts = [...value.toLowerCase().matchAll(/(\d+)([smhdw]?)/g)];
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (unitMs[unit || 's'] ?? 0), 0);
}

function wholeNumber(keyword: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (!/^\d{1,9}$/.test(value)) throw invalidValue(keyword, value);
  return Number(value);
}

function invalidValue(keyword: string, value: string): FailureError {
  return new FailureError({
    code: 'ssh-config-invalid',
    message: `Your ssh_config has a value that means nothing for ${keyword}: ${value}`,
    hint: `Correct ${keyword} in your ssh_config.`,
  });
}
