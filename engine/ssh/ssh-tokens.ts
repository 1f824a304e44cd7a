import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** What the `%` tokens of ssh_config stand for. */
export interface TokenValues {
  readonly home: string;
  readonly localUser: string;
  /** The name as typed. */
  readonly originalHost: string;
  readonly hostName: string;
  readonly port: number;
  readonly user: string;
  readonly hostKeyAlias?: string;
}

/** Expands `%` tokens; one that is not known is left as it stands. */
export function expandTokens(text: string, values: TokenValues): string {
  return text.replace(/%([%CLdhijklnpru])/g, (whole, token: string) => tokenValue(token, values) ?? whole);
}

function tokenValue(token: string, v: TokenValues): string | undefined {
  switch (token) {
    case '%':
      return '%';
    case 'C':
      return createHash('sha1').update(`${hostname()}${v.hostName}${v.port}${v.user}`).digest('hex');
    case 'L':
      return hostname().split('.')[0];
    case 'd':
      return v.home;
    case 'h':
      return v.hostName;
    case 'i':
      return String(process.getuid?.() ?? 0);
    case 'j':
      return '';
    case 'k':
      return v.hostKeyAlias ?? v.originalHost;
    case 'l':
      return hostname();
    case 'n':
      return v.originalHost;
    case 'p':
      return String(v.port);
    case 'r':
      return v.user;
    case 'u':
      return v.localUser;
    default:
      return undefined;
  }
}

/** `~` and `~/…` are the home given; `~other` is left as it stands. */
export function expandHome(path: string, home: string): string {
  return path === '~' || path.startsWith('~/') ? join(home, path.slice(1)) : path;
}

/** `${NAME}` from the environment. Throws a plain Error that names what is not set, as ssh refuses it too. */
export function expandEnvironment(text: string, env: NodeJS.ProcessEnv): string {
  return text.replace(/\$\{([^}]*)\}/g, (_whole, name: string) => {
    const value = env[name];
    if (value === undefined) throw new Error(`the environment has no ${name}`);
    return value;
  });
}
