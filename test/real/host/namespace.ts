import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './run.ts';

/** A machine within the machine: process, mount, network and IPC namespaces that live and die together. */
export interface Namespace {
  /** Process 1 of the namespace, as seen from here. */
  readonly initPid: number;
  /** The machine's address on the veth pair, as seen from here. */
  readonly address: string;
}

const veth = 'towline';
const subnet = (index: number) => `198.18.${index >> 6}`; // RFC 2544's range: routed nowhere
const near = (index: number) => `${subnet(index)}.${(index & 63) * 4 + 1}`;
const far = (index: number) => `${subnet(index)}.${(index & 63) * 4 + 2}`;

/** Runs a shell program as root inside the namespace and gives its stdout; arguments are `$1`, `$2` … */
export function runInside(initPid: number, program: string, ...args: string[]): Promise<string> {
  return run('nsenter', ['-t', String(initPid), '-m', '-n', '-p', '-i', '-u', 'sh', '-euc', program, 'sh', ...args]);
}

/**
 * Starts the namespace's process 1 (init.sh) and joins it to this machine by a veth pair. `release` ends everything in
 * it; so does the end of this process, because init lives on a pipe from it.
 */
export async function openNamespace(
  dir: string,
  user: string,
  uid: number,
): Promise<Namespace & { release(): Promise<void> }> {
  const init = join(import.meta.dirname, 'init.sh');
  const unshare = spawn(
    'unshare',
    [
      ...['--mount', '--net', '--pid', '--ipc', '--uts', '--fork', '--mount-proc', '--kill-child'],
      ...['sh', init, dir, user, String(uid)],
    ],
    { stdio: ['pipe', 'pipe', 'pipe'] },
  );
  const exited = once(unshare, 'exit').catch(() => undefined);
  const release = async () => {
    unshare.stdin.end();
    await exited;
  };
  try {
    await ready(unshare);
    const children = await readFile(`/proc/${unshare.pid}/task/${unshare.pid}/children`, 'utf8');
    const initPid = Number(children.trim());
    const address = await joinByVeth(initPid);
    return { initPid, address, release };
  } catch (error) {
    await release();
    throw error;
  }
}

function ready(unshare: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let complaint = '';
    unshare.stderr?.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    unshare.stdout?.once('data', () => resolve());
    unshare.once('error', reject);
    unshare.once('exit', () => reject(new Error(`the test host's namespace did not start: ${complaint.trim()}`)));
  });
}

/** The interface's name is the lock: the first index whose name is free is ours until the namespace is gone. */
async function joinByVeth(initPid: number): Promise<string> {
  for (let index = 0; index < 256; index += 1) {
    const name = `${veth}${index}`;
    try {
      await run('ip', ['link', 'add', name, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', String(initPid)]);
    } catch (error) {
      if (String(error).includes('File exists')) continue;
      throw error;
    }
    await run('ip', ['addr', 'add', `${near(index)}/30`, 'dev', name]);
    await run('ip', ['link', 'set', name, 'up']);
    await runInside(initPid, 'ip addr add "$1" dev eth0 && ip link set eth0 up', `${far(index)}/30`);
    return far(index);
  }
  throw new Error('256 test hosts are running: end some');
}
