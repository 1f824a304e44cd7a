import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { agentSocket, listAgentKeys } from '../ssh/agent.ts';
import { readKnownHosts } from '../ssh/known-hosts-file.ts';

/** What this machine has to offer, as found by trying. */
export interface MachineEvidence {
  readonly platform: NodeJS.Platform;
  /** The first line of `ssh -V`; undefined: there is no OpenSSH client. */
  readonly sshVersion: string | undefined;
  readonly agent:
    | { kind: 'none' }
    | { kind: 'keys'; socket: string; comments: readonly string[] }
    | { kind: 'broken'; socket: string; why: string };
  readonly knownHosts:
    { kind: 'read'; file: string; entries: number } | { kind: 'unreadable'; file: string; why: string };
  readonly runtimeDir: { kind: 'fine' | 'missing' | 'open-to-others' | 'unwritable'; path: string };
  readonly ipv6Loopback: boolean;
  readonly privilegedPorts: 'allowed' | 'denied' | 'unknown';
}

export interface MachineOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  /** Where our sockets go. */
  readonly runtimeDir: string;
  readonly knownHostsFile?: string | undefined;
}

/** Ports that services seldom take; one that is taken tells as much as one that is free. */
const privileged = [443, 1023, 1022];

export async function lookAtMachine({
  env,
  clock,
  runtimeDir,
  knownHostsFile,
}: MachineOptions): Promise<MachineEvidence> {
  const file = knownHostsFile ?? join(env['HOME'] ?? homedir(), '.ssh', 'known_hosts');
  return {
    platform: process.platform,
    sshVersion: await sshVersion(env),
    agent: await lookAtAgent(env, clock),
    knownHosts: await readKnownHosts([file]).then(
      (entries) => ({ kind: 'read', file, entries: entries.length }) as const,
      (error: unknown) => ({ kind: 'unreadable', file, why: messageOf(error) }) as const,
    ),
    runtimeDir: { kind: await lookAtFolder(runtimeDir), path: runtimeDir },
    ipv6Loopback: (await tryListening(0, '::1')) === undefined,
    privilegedPorts: await lookAtPrivilegedPorts(),
  };
}

function sshVersion(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile('ssh', ['-V'], { env, timeout: 5_000, windowsHide: true }, (error, stdout, stderr) => {
      resolve(error === null ? (stderr || stdout).split('\n')[0]?.trim() : undefined);
    });
  });
}

async function lookAtAgent(env: NodeJS.ProcessEnv, clock: Clock): Promise<MachineEvidence['agent']> {
  const socket = agentSocket(undefined, env);
  if (socket === undefined) return { kind: 'none' };
  try {
    const keys = await listAgentKeys(socket, clock);
    return { kind: 'keys', socket, comments: keys.map(({ key }) => key.comment || key.type) };
  } catch (error) {
    return { kind: 'broken', socket, why: messageOf(error) };
  }
}

/** A folder that is not there yet is made by the engine: then the one above has to be writable. */
async function lookAtFolder(path: string): Promise<MachineEvidence['runtimeDir']['kind']> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return (await isWritable(dirname(path))) ? 'missing' : 'unwritable';
  if (!(await isWritable(path))) return 'unwritable';
  return (found.mode & 0o077) === 0 ? 'fine' : 'open-to-others';
}

function isWritable(path: string): Promise<boolean> {
  return access(path, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function lookAtPrivilegedPorts(): Promise<MachineEvidence['privilegedPorts']> {
  for (const port of privileged) {
    const problem = await tryListening(port, '127.0.0.1');
    if (problem === undefined) return 'allowed';
    if (problem === 'EACCES' || problem === 'EPERM') return 'denied';
  }
  return 'unknown';
}

/** Undefined when it can be listened on, else the system's code. */
async function tryListening(port: number, host: string): Promise<string | undefined> {
  const server = createServer().listen({ port, host, ...(host === '::1' ? { ipv6Only: true } : {}) });
  try {
    await once(server, 'listening');
    server.close();
    await once(server, 'close');
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown';
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
