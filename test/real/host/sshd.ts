import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { waitFor } from '../../support/wait-for.ts';
import { runInside, type Namespace } from './namespace.ts';

/** Keywords of sshd_config; they come before the test host's own, and sshd takes the first value it reads. */
export type SshdConfig = Readonly<Record<string, string | number>>;

/** What sshd's own log says it has served since it was first started: the honest count. */
export interface SshdCounts {
  readonly connections: number;
  readonly sessions: number;
}

// OpenSSH 9.8 and later shut out who fails to log in a few times; earlier versions don't know the keyword.
const startProgram = `
  forgive='-o PerSourcePenalties=no'; /usr/sbin/sshd -t -f "$1" $forgive 2>/dev/null || forgive=
  /usr/sbin/sshd -f "$1" -E "$2" $forgive || { tail -n 5 "$2" >&2; exit 1; }`;

export interface SshdPlace extends Namespace {
  readonly dir: string;
  readonly user: string;
}

/** One sshd of a test host. It keeps no state here, so that any process may hold a handle on it. */
export class Sshd {
  readonly port: number;
  readonly #place: SshdPlace;

  constructor(place: SshdPlace, port: number) {
    this.#place = place;
    this.port = port;
  }

  /** Options and destination for OpenSSH's `ssh`: `ssh ...sshd.clientArgs(), 'true'`. */
  clientArgs(): string[] {
    const { dir, user, address } = this.#place;
    const options = ['BatchMode=yes', 'StrictHostKeyChecking=yes', `UserKnownHostsFile=${join(dir, 'known_hosts')}`];
    const named = options.flatMap((option) => ['-o', option]);
    return ['-F', 'none', '-i', join(dir, 'id_ed25519'), '-p', String(this.port), ...named, `${user}@${address}`];
  }

  /** The log as sshd wrote it, over all restarts. */
  log(): Promise<string> {
    return readFile(this.#file('log'), 'utf8');
  }

  async counts(): Promise<SshdCounts> {
    const log = await this.log();
    return {
      connections: [...log.matchAll(/^Accepted publickey /gm)].length,
      sessions: [...log.matchAll(/^Starting session: /gm)].length,
    };
  }

  /** Starts it and resolves once it listens. */
  async start(config: SshdConfig = {}): Promise<void> {
    await writeFile(this.#file('conf'), this.#configText(config));
    await this.#trustHostKey();
    await this.#inside(startProgram, this.#file('conf'), this.#file('log'));
    await waitFor(() => readFile(this.#file('pid'), 'utf8').catch(() => ''), {
      what: `sshd to listen on port ${this.port}`,
    });
  }

  /** Ends the listener and every connection; no matter if it has ended before. */
  async stop(): Promise<void> {
    await this.#inside(
      `[ -e "$1" ] || exit 0
       listener=$(cat "$1")
       kill -s STOP "$listener" # whoever reconnects at once finds nobody
       connections=$(cat "/proc/$listener/task/$listener/children")
       kill -s KILL "$listener"
       while kill -0 "$listener" 2>/dev/null; do sleep 0.01; done
       for pid in $connections; do kill -s KILL -- "-$pid" 2>/dev/null || true; done
       rm -f "$1"`,
      this.#file('pid'),
    );
  }

  async restart(config: SshdConfig = {}): Promise<void> {
    await this.stop();
    await this.start(config);
  }

  /**
   * Kills sshd's processes for the connections that are open now, with SIGKILL, and leaves the listener alone. The
   * privileged monitor and the user's process both hold the socket: they are one process group and go together, even
   * when the second is just being forked. Resolves to the number of connections.
   */
  async killConnections(): Promise<number> {
    const killed = await this.#inside(
      `[ -e "$1" ] || { echo 0; exit; }
       listener=$(cat "$1"); connections=$(cat "/proc/$listener/task/$listener/children")
       for pid in $connections; do kill -s KILL -- "-$pid" 2>/dev/null || true; done
       echo $connections | wc -w`,
      this.#file('pid'),
    );
    return Number(killed);
  }

  #file(kind: 'conf' | 'log' | 'pid'): string {
    return join(this.#place.dir, `sshd-${this.port}.${kind}`);
  }

  #inside(program: string, ...args: string[]): Promise<string> {
    return runInside(this.#place.initPid, program, ...args);
  }

  async #trustHostKey(): Promise<void> {
    const { dir, address } = this.#place;
    const name = this.port === 22 ? address : `[${address}]:${this.port}`;
    const knownHosts = join(dir, 'known_hosts');
    const line = `${name} ${(await readFile(join(dir, 'host_key.pub'), 'utf8')).trim()}\n`;
    if (!(await readFile(knownHosts, 'utf8').catch(() => '')).includes(line)) await appendFile(knownHosts, line);
  }

  #configText(config: SshdConfig): string {
    const { dir } = this.#place;
    const own = {
      Port: this.port,
      ListenAddress: '0.0.0.0',
      HostKey: join(dir, 'host_key'),
      PidFile: this.#file('pid'),
      AuthorizedKeysFile: join(dir, 'authorized_keys'),
      PasswordAuthentication: 'no',
      UsePAM: 'no',
      StrictModes: 'no',
      LogLevel: 'VERBOSE',
      MaxSessions: 2,
    };
    const lines = [...Object.entries(config), ...Object.entries(own)].map(([keyword, value]) => `${keyword} ${value}`);
    return `${lines.join('\n')}\n`;
  }
}
