import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { nodeFlagsOf } from '../../build/node-flags.mjs';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import type { HostProfile } from '../../shared/host.ts';
import { waitFor } from '../../test/support/wait-for.ts';
import { adopted } from '../adopted.ts';
import { towline } from '../figure.ts';
import { freePort } from '../free-port.ts';
import type { Contender, SshPlace } from './contender.ts';

/** The built command; `TOWLINE_BIN` names another, to compare two builds. */
export const command =
  process.env['TOWLINE_BIN'] ?? join(import.meta.dirname, '..', '..', 'dist', 'headless', 'towline.js');

/** How `command` encrypts: with ssh2's native binding, where its Node can load it, or with Node's own crypto. */
export function cryptoPath(): string {
  if (process.env['BENCH_JS_CRYPTO'] === '1') return 'node:crypto (asked for)';
  try {
    createRequire(command)('ssh2/lib/protocol/crypto/build/Release/sshcrypto.node');
    return "ssh2's native binding";
  } catch {
    return 'node:crypto (ssh2 has no native binding here)';
  }
}

/** One line of `towline up --json`. */
interface Change {
  readonly event: string;
  readonly id?: string;
  readonly state?: string;
}

/** `towline up --json` as its users run it: a process of its own, with a home of its own. */
export class Towline implements Contender {
  readonly name = towline;
  /** The local end of the forward to `farPort`. */
  readonly address: { host: string; port: number };
  readonly home: string;
  /** When the process was started, and when it said that the connection is ready (`performance.now()`). */
  readonly startedAt: number;
  readyAt = Number.NaN;
  readonly #child: ChildProcess;
  readonly #forwards = new Map<string, string | undefined>();

  private constructor(home: string, port: number, child: ChildProcess) {
    this.home = home;
    this.address = { host: '127.0.0.1', port };
    this.startedAt = performance.now();
    this.#child = child;
    if (child.stdout !== null)
      createInterface(child.stdout).on('line', (line) => this.#heard(JSON.parse(line) as Change));
  }

  /** Resolves once it is connected and its forward to the far end listens. */
  static async start(place: SshPlace, farPort: number): Promise<Towline> {
    if (!existsSync(command)) throw new Error(`${command} is missing: npm run build`);
    const home = await mkdtemp(join(tmpdir(), 'towline-bench-'));
    const port = await freePort();
    await writeFile(join(home, 'config.json'), JSON.stringify({ version: 1, hosts: [profile(place, port, farPort)] }));
    const child = spawn(process.execPath, [...nodeOptions(), command, 'up', '--json'], {
      env: { ...process.env, TOWLINE_HOME: home },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const started = new Towline(home, port, adopted(child));
    await waitFor(() => started.#forwards.get(farForward) === 'listening', {
      what: 'towline to be ready',
      timeoutMs: 15_000,
    });
    return started;
  }

  get pid(): number {
    if (this.#child.pid === undefined || this.#child.exitCode !== null) throw new Error('towline is not running');
    return this.#child.pid;
  }

  /** The local socket that leads to the host's Docker. */
  get dockerSocket(): string {
    return join(this.home, 'run', 'docker', `${hostId}.sock`);
  }

  async logBytes(): Promise<number> {
    return (await readFile(join(this.home, 'logs', 'towline.log'))).length;
  }

  async dispose(): Promise<void> {
    const exited = once(this.#child, 'exit');
    if (this.#child.exitCode === null && this.#child.kill()) await exited;
    await rm(this.home, { recursive: true, force: true });
  }

  #heard(change: Change): void {
    if (change.event === 'ready' && Number.isNaN(this.readyAt)) this.readyAt = performance.now();
    if (change.event === 'forward' && change.id !== undefined) this.#forwards.set(change.id, change.state);
  }
}

const hostId = 'bench';
const farForward = 'far-end';

function profile(place: SshPlace, localPort: number, farPort: number): HostProfile {
  return {
    id: hostId,
    target: `ssh://${place.user}@${place.address}:${place.port}`,
    identityFile: place.identityFile,
    knownHostsFile: place.knownHostsFile,
    forwards: [{ id: farForward, target: { kind: 'tcp', address: '127.0.0.1', port: farPort }, localPort }],
  };
}

/** For the Node that runs `command`: without the native binding, or with options to try (`BENCH_NODE_OPTIONS=--cpu-prof`). */
export function nodeOptions(): string[] {
  const { BENCH_JS_CRYPTO, BENCH_NODE_OPTIONS } = process.env;
  const hook = BENCH_JS_CRYPTO === '1' ? ['--import', join(import.meta.dirname, '..', 'js-crypto.mjs')] : [];
  return [...hook, ...nodeFlagsOf(command), ...(BENCH_NODE_OPTIONS?.split(' ') ?? [])];
}
