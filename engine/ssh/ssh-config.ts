import { join } from 'node:path';
import { userInfo } from 'node:os';
import type { Target } from '../../shared/target.ts';
import { askOpenSsh } from './openssh-config.ts';
import { resolveSettings, type ResolvedHost } from './resolved-host.ts';
import { readSshConfig } from './ssh-config-file.ts';
import { expandHome } from './ssh-tokens.ts';

export interface ResolveOptions {
  /** In place of ~/.ssh/config and the system's file, as `ssh -F`; `none` for no file at all. */
  readonly configFile?: string;
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
  /** What the command line says (-i, --known-hosts): it beats every file. */
  readonly overrides?: { readonly identityFile?: string; readonly knownHostsFile?: string };
  /** OpenSSH's client; `ssh` from PATH unless said. False: read the files ourselves. */
  readonly client?: string | false;
  readonly signal?: AbortSignal;
}

export interface Resolution {
  readonly host: ResolvedHost;
  /** Who read the files: OpenSSH, or our own parser where it is missing. */
  readonly by: 'ssh' | 'parser';
  /** What our parser could not evaluate, with its place. */
  readonly unsupported: readonly string[];
}

const systemConfig = '/etc/ssh/ssh_config';

/** What the user's ssh_config makes of a target: by `ssh -G` where OpenSSH is installed, otherwise by our own reading. */
export async function resolveSshHost(target: Target, options: ResolveOptions): Promise<Resolution> {
  const { home, env, overrides = {}, client = 'ssh', signal } = options;
  const context = { target, home, env, localUser: userInfo().username, ...overrides };
  const configFile = options.configFile === undefined ? undefined : expandHome(options.configFile, home);
  const file = configFile === undefined ? {} : { configFile };
  const abort = signal === undefined ? {} : { signal };
  const asked = client === false ? undefined : await askOpenSsh({ client, target, env, ...file, ...abort });
  if (asked !== undefined) return { host: await resolveSettings(asked, context), by: 'ssh', unsupported: [] };
  const files = configFile === undefined ? [join(home, '.ssh', 'config'), systemConfig] : [configFile];
  const { settings, unsupported } = await readSshConfig({
    originalHost: target.host,
    ...(target.user === undefined ? {} : { user: target.user }),
    ...(target.port === undefined ? {} : { port: target.port }),
    localUser: context.localUser,
    home,
    files: configFile === 'none' ? [] : files,
  });
  return { host: await resolveSettings(settings, context), by: 'parser', unsupported };
}
