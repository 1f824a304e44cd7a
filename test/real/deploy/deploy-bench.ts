import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client, ClientChannel } from 'ssh2';
import { systemClock } from '../../../engine/base/clock.ts';
import { DisposableStore, type Disposable } from '../../../engine/base/disposables.ts';
import { deployStack, rollbackStack, type DeployStream } from '../../../engine/deploy/deploy.ts';
import { HashMemory } from '../../../engine/deploy/hash-memory.ts';
import type { ProjectContainer, ProjectHealth } from '../../../engine/deploy/health.ts';
import type { DeployTools } from '../../../engine/deploy/tools.ts';
import {
  deployOptionsSchema,
  type DeployOptions,
  type DeployProgress,
  type DeployResult,
} from '../../../shared/deploy.ts';
import { stackSchema, type Stack } from '../../../shared/stack.ts';
import { connectTestClient, openExec, openTcpChannel } from '../../support/test-ssh-client.ts';
import { waitFor } from '../../support/wait-for.ts';
import type { RealHost } from '../host/real-host.ts';
import type { Sshd } from '../host/sshd.ts';

export type SampleName = 'page' | 'built' | 'shop';

export interface Ended {
  readonly result: DeployResult;
  readonly progress: readonly DeployProgress[];
}

/** A copy of one of the sample stacks, and a connection to deploy it over. Disposing takes all of it off the host again. */
export class DeployBench implements Disposable {
  readonly host: RealHost;
  readonly stack: Stack;
  readonly owned: DisposableStore;
  readonly #sshd: Sshd;
  readonly #hashes = new HashMemory(systemClock);
  client: Client;

  private constructor(host: RealHost, sshd: Sshd, client: Client, stack: Stack, owned: DisposableStore) {
    this.host = host;
    this.#sshd = sshd;
    this.client = client;
    this.stack = stack;
    this.owned = owned;
  }

  static async open(
    host: RealHost,
    sample: SampleName,
    more: Partial<Record<keyof Stack, unknown>> = {},
    sshd: Sshd = host.sshd,
  ): Promise<DeployBench> {
    const owned = new DisposableStore();
    const dir = await mkdtemp(join(tmpdir(), 'tl-stack-'));
    owned.defer(() => rm(dir, { recursive: true }));
    await cp(join(import.meta.dirname, '../../fixtures/stacks', sample), dir, { recursive: true });
    const stack = stackSchema.parse({
      name: sample,
      host: 'real',
      dir,
      gates: { stableMs: 300, timeoutMs: 20_000 },
      ...more,
    });
    const client = await connect(host, sshd);
    const bench = new DeployBench(host, sshd, client, stack, owned);
    owned.defer(() => bench.#clear());
    owned.defer(() => end(bench.client));
    return bench;
  }

  /** The directory of the stack, as root sees it on the host. */
  get remoteDir(): string {
    return join(this.host.info.dir, 'home/towline', this.stack.name);
  }

  get stateDir(): string {
    return join(this.host.info.dir, 'home/towline', `.${this.stack.name}.towline`);
  }

  /** A new connection in place of one that was lost. */
  async reconnect(): Promise<void> {
    await end(this.client);
    this.client = await connect(this.host, this.#sshd);
  }

  tools(onSession: (session: ClientChannel) => void = () => undefined): DeployTools {
    return {
      clock: systemClock,
      owner: 'tester@bench',
      hashes: this.#hashes,
      health: new CliHealth(this.host),
      dial: ({ host, port }) => openTcpChannel(this.client, port, host),
      openSession: async (command) => {
        const session = await openExec(this.client, command);
        onSession(session);
        return session;
      },
    };
  }

  deploy(
    options: {
      signal?: AbortSignal;
      tools?: DeployTools;
      stack?: Stack;
      deployOptions?: DeployOptions;
      hear?: (progress: DeployProgress) => void;
    } = {},
  ): Promise<Ended> {
    const { signal = new AbortController().signal, tools = this.tools(), stack = this.stack, hear } = options;
    return drain(deployStack(tools, stack, options.deployOptions ?? defaults, signal), hear);
  }

  rollback(to?: string): Promise<Ended> {
    return drain(rollbackStack(this.tools(), this.stack, to, defaults, new AbortController().signal));
  }

  /** What the stack answers on a port of the host. */
  async page(port: number): Promise<string> {
    return (await this.host.exec(`busybox wget -qO- http://127.0.0.1:${port}/`)).trim();
  }

  /** Resolves once no remote program runs any more, not even one that has only begun, and none holds the lock. */
  async settled(): Promise<void> {
    const program = `grep -qas '[I]FS= read -r n; p=' /proc/[0-9]*/cmdline`;
    const lock = `! ${program} && [ ! -e ${this.stateDir}/lock ] && echo free`;
    await waitFor(async () => (await this.host.exec(`${lock} || true`)).trim() === 'free', {
      what: 'the lock to be free',
      timeoutMs: 30_000,
    });
  }

  /** What a run must never leave behind: names in the stack's records other than those that are kept. */
  async leftovers(): Promise<string[]> {
    const names = await this.host.exec(`ls -A ${this.stateDir} 2>/dev/null || true`);
    const kept = ['current', 'index', 'manifest', 'objects', 'releases', 'result'];
    return names.split('\n').filter((name) => name !== '' && !kept.includes(name));
  }

  dispose(): Promise<void> {
    return this.owned.dispose();
  }

  async #clear(): Promise<void> {
    await this.settled();
    const label = `label=com.docker.compose.project=${this.stack.name}`;
    const ids = await this.host.docker(['ps', '-aq', '--filter', label]);
    if (ids !== '') await this.host.docker(['rm', '-f', ...ids.split('\n')]);
    await this.host.docker(['network', 'prune', '-f']);
    await this.host.exec(`rm -rf ${this.remoteDir} ${this.stateDir}`);
  }
}

export const defaults: DeployOptions = deployOptionsSchema.parse({});

async function drain(stream: DeployStream, hear?: (progress: DeployProgress) => void): Promise<Ended> {
  const progress: DeployProgress[] = [];
  for (;;) {
    const next = await stream.next();
    if (next.done) return { result: next.value, progress };
    progress.push(next.value);
    hear?.(next.value);
  }
}

async function connect(host: RealHost, sshd: Sshd): Promise<Client> {
  const privateKey = await readFile(host.identityFile);
  return connectTestClient(sshd.port, { host: host.address, username: host.user, privateKey });
}

async function end(client: Client): Promise<void> {
  const closed = once(client, 'close');
  const gone = client.end() === undefined;
  if (!gone) await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 1_000).unref())]);
}

/** The containers as the Docker API shows them, asked past SSH. */
class CliHealth implements ProjectHealth {
  readonly #host: RealHost;

  constructor(host: RealHost) {
    this.#host = host;
  }

  async containers(project: string): Promise<ProjectContainer[]> {
    const ids = await this.#host.docker(['ps', '-aq', '--filter', `label=com.docker.compose.project=${project}`]);
    if (ids === '') return [];
    const rows = JSON.parse(await this.#host.docker(['inspect', ...ids.split('\n')])) as Inspected[];
    return rows.map(({ Id, Name, State, RestartCount }) => ({
      id: Id,
      name: Name.slice(1),
      state: State.Status,
      exitCode: State.ExitCode,
      restarts: RestartCount,
      ...(State.Health === undefined ? {} : { health: State.Health.Status }),
    }));
  }

  async lastLines(containerId: string, lines: number): Promise<string[]> {
    return (await this.#host.docker(['logs', '--tail', String(lines), containerId])).split('\n');
  }
}

interface Inspected {
  readonly Id: string;
  readonly Name: string;
  readonly RestartCount: number;
  readonly State: {
    readonly Status: ProjectContainer['state'];
    readonly ExitCode: number;
    readonly Health?: { readonly Status: 'starting' | 'healthy' | 'unhealthy' };
  };
}
