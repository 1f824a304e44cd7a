import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { adopted } from '../adopted.ts';
import type { Bench } from '../bench.ts';
import type { SshPlace } from './contender.ts';

/** Another program that forwards published ports, each to the same local port. */
export interface Peer {
  readonly name: string;
  readonly program: string;
  args(place: SshPlace): string[];
}

/** Those whose programs the environment names. */
export function peers(): Peer[] {
  const { RDHPF_BIN, AUTO_TUNNEL_BIN } = process.env;
  const url = ({ user, address, port }: SshPlace): string => `${user}@${address}:${port}`;
  return [
    ...(RDHPF_BIN === undefined
      ? []
      : [{ name: 'rdhpf', program: RDHPF_BIN, args: (place: SshPlace) => ['run', '--host', `ssh://${url(place)}`] }]),
    ...(AUTO_TUNNEL_BIN === undefined
      ? []
      : [
          {
            name: 'auto-tunnel',
            program: AUTO_TUNNEL_BIN,
            args: (place: SshPlace) => ['-no-tui', '-log', '-', url(place)],
          },
        ]),
  ];
}

/** They log in when they like and say so each in their own way. */
const settleMs = 5_000;

/** Runs `use` while the peer runs, logged in with a home of its own. */
export async function runPeer<T>(
  peer: Peer,
  { place }: Bench,
  use: (startedAt: number) => Promise<T>,
  waitMs = settleMs,
): Promise<T> {
  const home = await mkdtemp(join(tmpdir(), 'towline-bench-peer-'));
  await mkdir(join(home, '.ssh'), { mode: 0o700 });
  await copyFile(place.identityFile, join(home, '.ssh', 'id_ed25519'));
  await copyFile(place.knownHostsFile, join(home, '.ssh', 'known_hosts'));
  await writeFile(
    join(home, '.ssh', 'config'),
    `IdentityFile ${place.identityFile}\nUserKnownHostsFile ${place.knownHostsFile}\n`,
  );
  const startedAt = performance.now();
  const child = spawn(peer.program, peer.args(place), {
    env: { ...process.env, HOME: home, SSH_TEST_KEY_PATH: place.identityFile },
    stdio: 'ignore',
  });
  const exited = once(adopted(child), 'exit');
  try {
    await sleep(waitMs);
    return await use(startedAt);
  } finally {
    child.kill();
    await exited;
    await rm(home, { recursive: true, force: true });
  }
}
