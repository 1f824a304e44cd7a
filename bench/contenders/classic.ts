import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { SshPlace } from './contender.ts';

function options({ identityFile, knownHostsFile }: SshPlace): string[] {
  const settings = ['BatchMode=yes', 'StrictHostKeyChecking=yes', `UserKnownHostsFile=${knownHostsFile}`];
  return ['-F', 'none', '-i', identityFile, ...settings.flatMap((setting) => ['-o', setting])];
}

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** `tar | ssh`, as one types it: what an upload of everything costs. Gives its ms, the connection included. */
export function tarOverSsh(place: SshPlace, dir: string, remoteDir: string): Promise<number> {
  const ssh = ['ssh', ...options(place), '-p', String(place.port), `${place.user}@${place.address}`]
    .map(quote)
    .join(' ');
  const remote = `mkdir -p ${remoteDir} && tar -xf - -C ${remoteDir}`;
  return timed('sh', ['-c', `tar -C ${quote(dir)} -cf - . | ${ssh} ${quote(remote)}`]);
}

/** The classic script: a connection for each of its eight steps. Gives its ms. */
export async function classicDeploy(
  place: SshPlace,
  dir: string,
  parts: readonly string[],
  remoteDir: string,
): Promise<number> {
  const began = performance.now();
  const at = `${place.user}@${place.address}`;
  const ssh = (command: string) => timed('ssh', [...options(place), '-p', String(place.port), at, command]);
  await ssh(`mkdir -p ${remoteDir}`);
  for (const part of parts) {
    await timed('scp', [...options(place), '-Oqr', '-P', String(place.port), join(dir, part), `${at}:${remoteDir}/`]);
  }
  await ssh(`cd ${remoteDir} && docker-compose up -d --remove-orphans`);
  await ssh(`cd ${remoteDir} && docker-compose ps`);
  return performance.now() - began;
}

async function timed(command: string, args: readonly string[]): Promise<number> {
  const began = performance.now();
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (text: Buffer) => (said += text.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${said}`);
  return performance.now() - began;
}
