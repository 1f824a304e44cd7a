import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { systemClock } from '../../../engine/base/clock.ts';
import { DisposableStore, type Disposable } from '../../../engine/base/disposables.ts';
import { silentLogger } from '../../../engine/base/logger.ts';
import { SshConnection, type Connect } from '../../../engine/ssh/connection.ts';
import { connector } from '../../../engine/ssh/connector.ts';
import type { SshLink } from '../../../engine/ssh/link.ts';
import type { Prompter } from '../../../engine/ssh/prompter.ts';
import type { Failure } from '../../../shared/failure.ts';
import { waitFor } from '../../support/wait-for.ts';
import { LoopbackSshd, type SshdOptions } from './loopback-sshd.ts';

const run = promisify(execFile);

export type Transport = 'ssh2' | 'openssh';

/** Lines of ssh_config for the host, which go before the ones every host has; and who answers questions. */
export interface Way {
  readonly transport: Transport;
  readonly lines?: readonly string[];
  readonly prompter?: Prompter;
}

/** A real ssh-agent with keys of its own. */
export interface Agent {
  readonly socket: string;
  readonly process: ChildProcess;
}

/** Real sshds, and what connects to them the way a host does; `dispose` ends all of it. */
export class ConnectorBench implements Disposable {
  readonly folder: string;
  readonly #owned = new DisposableStore();

  private constructor(folder: string) {
    this.folder = folder;
    this.#owned.defer(() => rm(folder, { recursive: true, maxRetries: 5 }));
  }

  static async make(): Promise<ConnectorBench> {
    const bench = new ConnectorBench(await mkdtemp(join(tmpdir(), 'variants-')));
    await bench.makeKey('key');
    return bench;
  }

  add<T extends Disposable>(item: T): T {
    return this.#owned.add(item);
  }

  defer(release: () => void | Promise<void>): void {
    this.#owned.defer(release);
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /** Writes a file and gives its path. */
  async file(name: string, content: string): Promise<string> {
    await writeFile(this.path(name), content);
    return this.path(name);
  }

  read(name: string): Promise<string> {
    return readFile(this.path(name), 'utf8');
  }

  /** Makes a key and gives its public line. */
  async makeKey(name: string): Promise<string> {
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', this.path(name)]);
    return this.read(`${name}.pub`);
  }

  /** Has `authority` sign a public key file, for a user or, with `-h`, for a host. */
  async certify(authority: string, publicKeyFile: string, ...how: string[]): Promise<void> {
    await run('ssh-keygen', ['-q', '-s', this.path(authority), '-I', 'certified', ...how, publicKeyFile]);
  }

  /** An sshd that `key` opens, unless it is told otherwise. */
  async sshd(config: readonly string[] = [], options: SshdOptions = {}): Promise<LoopbackSshd> {
    const authorizedKeys = [await this.read('key.pub')];
    return this.add(await LoopbackSshd.start({ authorizedKeys, ...options, config }));
  }

  /** How a host with this server as its target is connected to. */
  async way(sshd: LoopbackSshd, { transport, lines = [], prompter }: Way): Promise<Connect> {
    const usual = [
      'HostName 127.0.0.1',
      `Port ${sshd.port}`,
      `User ${sshd.user}`,
      `IdentityFile ${this.path('key')}`,
      'IdentitiesOnly yes',
      'IdentityAgent none',
      'StrictHostKeyChecking accept-new',
      `UserKnownHostsFile ${this.path('known_hosts')}`,
      'GlobalKnownHostsFile none',
    ];
    const sshConfigFile = await this.file('config', ['Host lab', ...lines, ...usual, ''].join('\n'));
    return connector({
      profile: { id: 'lab', target: 'lab', sshConfigFile, transport },
      prompter: prompter ?? (() => Promise.resolve(undefined)),
      clock: systemClock,
      env: process.env,
      runtimeDir: this.folder,
    });
  }

  async connect(sshd: LoopbackSshd, way: Way): Promise<SshLink> {
    const connect = await this.way(sshd, way);
    const link = await connect({ signal: new AbortController().signal, onTransportUp: () => undefined });
    this.defer(() => link.close());
    return link;
  }

  /** Why it does not connect. */
  async refusal(sshd: LoopbackSshd, way: Way): Promise<Failure> {
    return this.connect(sshd, way).then(
      () => Promise.reject(new Error('it connected')),
      (error: unknown) => {
        if (error instanceof Error && 'failure' in error) return error.failure as Failure;
        throw error;
      },
    );
  }

  /** A connection that is kept up, as an engine does. */
  async connection(sshd: LoopbackSshd, way: Way): Promise<SshConnection> {
    const connect = await this.way(sshd, way);
    const connection = this.add(new SshConnection({ where: 'lab', connect, clock: systemClock, log: silentLogger }));
    connection.start();
    return connection;
  }

  /** An agent that holds so many keys, `agent-1` and on, in that order. */
  async agent(count: number): Promise<Agent> {
    const socket = this.path('agent');
    const process = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
    const exited = once(process, 'exit');
    this.defer(async () => {
      process.kill();
      await exited;
    });
    const env = { SSH_AUTH_SOCK: socket };
    await waitFor(() => run('ssh-add', ['-D'], { env }), { what: 'the agent' });
    for (let number = 1; number <= count; number += 1) {
      await this.makeKey(`agent-${number}`);
      await run('ssh-add', ['-q', this.path(`agent-${number}`)], { env });
    }
    return { socket, process };
  }

  dispose(): Promise<void> {
    return this.#owned.dispose();
  }
}

/** What a command on the other side says: proof that the connection carries something. */
export async function says(link: SshLink, command = 'echo in'): Promise<string> {
  const session = await link.openSession(command);
  session.on('error', () => undefined); // comes when the connection is closed before the channel
  return (await text(session)).trim();
}

/** How many clients the server has seen come. */
export function callers(sshd: LoopbackSshd): number {
  return sshd.log.filter((line) => line.startsWith('Connection from ')).length;
}
