import { statSync } from 'node:fs';
import { homedir, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/** Where everything of Towline's lies on this machine, for this user. */
export interface Paths {
  readonly settingsFile: string;
  readonly stateFile: string;
  readonly lockFile: string;
  readonly logFile: string;
  /** What a scraper of metrics proves itself with. */
  readonly scrapeTokenFile: string;
  /** Holds sockets; ours alone (0700). */
  readonly runtimeDir: string;
  readonly controlSocket: string;
}

export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly uid: number;
}

/** `TOWLINE_HOME` overrides all; else the XDG directories, or ~/Library on macOS. */
export function resolvePaths(surroundings: Surroundings = here()): Paths {
  const { env, platform, home } = surroundings;
  const own = env['TOWLINE_HOME'];
  if (own) return paths(own, own, join(own, 'logs'), join(own, 'run'));
  if (platform === 'darwin') {
    const library = join(home, 'Library');
    const support = join(library, 'Application Support', 'Towline');
    return paths(support, support, join(library, 'Logs', 'Towline'), join(library, 'Caches', 'Towline'));
  }
  const state = join(absolute(env['XDG_STATE_HOME']) ?? join(home, '.local', 'state'), 'towline');
  const config = join(absolute(env['XDG_CONFIG_HOME']) ?? join(home, '.config'), 'towline');
  return paths(config, state, join(state, 'logs'), linuxRuntimeDir(surroundings));
}

/** The local socket that leads to a host's Docker. */
export function dockerSocketPath(from: Paths, hostId: string): string {
  return join(from.runtimeDir, 'docker', `${hostId}.sock`);
}

function paths(configDir: string, stateDir: string, logDir: string, runtimeDir: string): Paths {
  return {
    settingsFile: join(configDir, 'config.json'),
    stateFile: join(stateDir, 'state.json'),
    lockFile: join(stateDir, 'engine.lock'),
    logFile: join(logDir, 'towline.log'),
    scrapeTokenFile: join(stateDir, 'scrape-token'),
    runtimeDir,
    controlSocket: join(runtimeDir, 'control.sock'),
  };
}

/** Without XDG_RUNTIME_DIR (cron, sudo) the same place is looked for where systemd would have put it. */
function linuxRuntimeDir({ env, uid }: Surroundings): string {
  const given = absolute(env['XDG_RUNTIME_DIR']);
  if (given !== undefined) return join(given, 'towline');
  const systemd = `/run/user/${uid}`;
  if (ownedBy(systemd, uid)) return join(systemd, 'towline');
  return join(env['TMPDIR'] || tmpdir(), `towline-${uid}`);
}

function ownedBy(path: string, uid: number): boolean {
  return statSync(path, { throwIfNoEntry: false })?.uid === uid;
}

/** The XDG specification has relative paths ignored. */
function absolute(path: string | undefined): string | undefined {
  return path?.startsWith('/') ? path : undefined;
}

function here(): Surroundings {
  return { env: process.env, platform: process.platform, home: homedir(), uid: userInfo().uid };
}
