import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { availableParallelism, machine, release, totalmem, type } from 'node:os';
import type { AppState } from '../../shared/app-state.ts';

/** What runs here and over there; undefined where it could not be found out. */
export async function findVersions(state: AppState, env: NodeJS.ProcessEnv): Promise<Record<string, unknown>> {
  const { node, openssl, v8, electron } = process.versions;
  return {
    towline: state.version,
    mode: state.mode,
    node,
    electron,
    openssl,
    v8,
    os: { type: type(), release: release(), name: await osName(), machine: machine(), platform: process.platform },
    processors: availableParallelism(),
    memoryBytes: totalmem(),
    docker: await firstLine('docker', ['--version'], env),
    ssh: await firstLine('ssh', ['-V'], env),
    hosts: Object.values(state.hosts).map(({ id, docker, server }) => ({
      id,
      docker: docker.engineVersion,
      dockerApi: docker.apiVersion,
      ssh: server.ident,
    })),
  };
}

function firstLine(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(command, args, { env, timeout: 5_000, windowsHide: true }, (error, stdout, stderr) => {
      resolve(error === null ? (stdout || stderr).split('\n')[0]?.trim() : undefined);
    });
  });
}

/** As a Linux distribution calls itself. */
async function osName(): Promise<string | undefined> {
  const text = await readFile('/etc/os-release', 'utf8').catch(() => '');
  return /^PRETTY_NAME="?([^"\n]*)/m.exec(text)?.[1];
}
