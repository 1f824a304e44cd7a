import Docker from 'dockerode';
import { appendFile, copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { DisposableStore, type Disposable } from '../engine/base/disposables.ts';
import { startRealHost, type RealHost } from '../test/real/host/real-host.ts';
import type { Contender, SshPlace } from './contenders/contender.ts';
import { startFarEnd } from './far-end.ts';
import { freePort } from './free-port.ts';
import type { Address } from './load.ts';

export const farPort = 20_007;

/** What a measurement works with: a real host with the far end on it, and how thorough it is to be. */
export interface Bench {
  readonly host: RealHost;
  readonly docker: Docker;
  readonly place: SshPlace;
  readonly quick: boolean;
  /** Where a far end listens on this machine itself. */
  readonly loopbackPort: number;
  progress(line: string): void;
}

export async function openBench(quick: boolean): Promise<Bench & Disposable> {
  const owned = new DisposableStore();
  try {
    const host = owned.add(await startRealHost());
    owned.add(await startFarEnd(farPort, host.info.initPid));
    const loopbackPort = await freePort();
    owned.add(await startFarEnd(loopbackPort));
    const { address, user, identityFile, knownHostsFile } = host;
    return {
      ...{ host, quick, loopbackPort },
      docker: new Docker({ socketPath: host.dockerd.socket }),
      place: { address, port: host.sshd.port, user, identityFile, knownHostsFile },
      progress: (line) => void process.stderr.write(`${line}\n`),
      dispose: () => owned.dispose(),
    };
  } catch (error) {
    await owned.dispose();
    throw error;
  }
}

/** Runs `use` once all contenders have started, and ends them. */
export async function withContenders<T>(
  starts: readonly Promise<Contender>[],
  use: (all: readonly Contender[]) => Promise<T>,
): Promise<T> {
  const started = await Promise.allSettled(starts);
  const all = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  try {
    for (const result of started) if (result.status === 'rejected') throw result.reason;
    return await use(all);
  } finally {
    for (const contender of all) await contender.dispose();
  }
}

/** A long wire to `target`, in a process of its own. */
export async function startWire(target: Address, oneWayMs: number): Promise<Address & Disposable> {
  const program = join(import.meta.dirname, '..', 'test', 'real', 'host', 'delay-proxy.ts');
  const child = spawn(process.execPath, [program, target.host, String(target.port), String(oneWayMs)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const [port] = (await once(child.stdout, 'data')) as [Buffer];
  return {
    ...{ host: '127.0.0.1', port: Number(port) },
    async dispose() {
      child.stdin.end();
      await exited;
    },
  };
}

/** The bench's sshd as it is reached over a wire. */
export async function overWire({ host, place }: Bench, wire: Address): Promise<SshPlace> {
  const knownHostsFile = join(host.info.dir, `known_hosts-${wire.port}`);
  const hostKey = await readFile(join(host.info.dir, 'host_key.pub'), 'utf8');
  await copyFile(place.knownHostsFile, knownHostsFile);
  await appendFile(knownHostsFile, `[${wire.host}]:${wire.port} ${hostKey}`);
  return { ...place, address: wire.host, port: wire.port, knownHostsFile };
}

/** The median is taken over as many rounds as these, contenders taking turns in each. */
export const rounds = ({ quick }: Bench, full = 5): number => (quick ? 2 : full);

/** Appends a sample to a contender's. */
export function sample(into: Record<string, number[]>, name: string, value: number): void {
  (into[name] ??= []).push(value);
}
