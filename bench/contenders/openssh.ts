import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Disposable } from '../../engine/base/disposables.ts';
import { adopted } from '../adopted.ts';
import { freePort } from '../free-port.ts';
import { request, untilItWorks } from '../load.ts';
import type { Contender, SshPlace } from './contender.ts';

export type OpenSshKind = 'ssh -N -L' | 'ssh -L' | 'ssh -L gcm';

/** The options of each kind, and the command of its session, if it has one. */
const kinds: Readonly<Record<OpenSshKind, { options: string[]; command: string[] }>> = {
  'ssh -N -L': { options: ['-N'], command: [] },
  'ssh -L': { options: [], command: ['cat'] },
  'ssh -L gcm': { options: ['-c', 'aes128-gcm@openssh.com'], command: ['cat'] },
};

/** OpenSSH with `-L` to the far end; without `-N` it has a session, which makes sshd send small packets at once. */
export async function startOpenSsh(kind: OpenSshKind, place: SshPlace, farPort: number): Promise<Contender> {
  const port = await freePort();
  const { options, command } = kinds[kind];
  const ssh = spawnSsh(place, [...options, '-L', `127.0.0.1:${port}:127.0.0.1:${farPort}`], command);
  const address = { host: '127.0.0.1', port };
  await untilItWorks(() => request(address), 10_000, 20);
  return { name: kind, address, ...ssh };
}

/** `ssh -N` with one `-L` for each of the host's ports, to any local port. */
export async function startManyForwards(place: SshPlace, remotePorts: readonly number[]): Promise<Contender> {
  const pairs = await Promise.all(remotePorts.map(async (remote) => ({ local: await freePort(), remote })));
  const forwards = pairs.flatMap(({ local, remote }) => ['-L', `127.0.0.1:${local}:127.0.0.1:${remote}`]);
  return {
    name: 'ssh -N -L',
    address: { host: '127.0.0.1', port: pairs[0]?.local ?? 0 },
    ...spawnSsh(place, ['-N', ...forwards], []),
  };
}

function spawnSsh(place: SshPlace, options: string[], command: string[]): Disposable & { readonly pid: number } {
  const settings = [
    'BatchMode=yes',
    'StrictHostKeyChecking=yes',
    'ExitOnForwardFailure=yes',
    `UserKnownHostsFile=${place.knownHostsFile}`,
  ];
  const args = [
    '-F',
    'none',
    '-i',
    place.identityFile,
    '-p',
    String(place.port),
    ...settings.flatMap((setting) => ['-o', setting]),
  ];
  const child = spawn('ssh', [...args, ...options, `${place.user}@${place.address}`, ...command], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const exited = once(adopted(child), 'exit');
  if (child.pid === undefined) throw new Error('ssh is not installed');
  return {
    pid: child.pid,
    async dispose() {
      child.kill();
      await exited;
    },
  };
}
