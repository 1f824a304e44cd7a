import { chmod, lstat, mkdir, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { FailureError } from '../../shared/failure.ts';
import { createApi } from '../api.ts';
import type { Disposable } from '../base/disposables.ts';
import type { Logger } from '../base/logger.ts';
import type { EngineCommands } from '../commands.ts';
import { checkSocketPath } from '../socket-path.ts';
import { RpcServer } from './rpc-socket.ts';

/** Where on the socket the contract is spoken. */
export const rpcPath = '/rpc';

export interface ControlSocketOptions {
  /** In a directory of its own: it is made private to the user. */
  readonly path: string;
  readonly commands: EngineCommands;
  readonly log: Logger;
}

/**
 * The CLI's door: HTTP on a unix socket that only this user can reach, upgraded to a WebSocket with the contract.
 * To be opened by whoever holds the instance lock. Rejects with `socket-path-too-long`, `control-socket-in-use`
 * or `control-socket-unavailable`.
 */
export async function openControlSocket(options: ControlSocketOptions): Promise<Disposable> {
  const { path, commands } = options;
  const log = options.log.child({ door: 'control' });
  checkSocketPath(path);
  try {
    await makePrivate(dirname(path));
    await removeStale(path);
    return await serve(path, new RpcServer(createApi(commands, log), log));
  } catch (error) {
    if (error instanceof FailureError) throw error;
    throw new FailureError(
      {
        code: 'control-socket-unavailable',
        message: `The control socket ${path} could not be opened: ${(error as Error).message}.`,
        hint: 'Set XDG_RUNTIME_DIR or TOWLINE_HOME to a directory of yours.',
      },
      { cause: error },
    );
  }
}

async function serve(path: string, rpc: RpcServer): Promise<Disposable> {
  const server = createServer((_request, response) => response.writeHead(426, { connection: 'close' }).end());
  server.on('upgrade', (request, socket, head) => {
    if (request.url === rpcPath) rpc.upgrade(request, socket, head);
    else socket.destroy();
  });
  server.on('clientError', (_error, socket) => socket.destroy());
  await listening(server, path);
  await chmod(path, 0o600);
  return {
    async dispose() {
      rpc.dispose();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve)); // removes the socket, too
    },
  };
}

function listening(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** In /tmp anybody may have made the directory before us: it must be a real one, and ours. */
async function makePrivate(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const found = await lstat(directory);
  if (!found.isDirectory() || found.uid !== process.getuid?.()) {
    throw new FailureError({
      code: 'control-socket-unavailable',
      message: `${directory} belongs to someone else.`,
      hint: 'Set XDG_RUNTIME_DIR or TOWLINE_HOME to a directory of yours.',
    });
  }
  if ((found.mode & 0o077) !== 0) await chmod(directory, 0o700);
}

/** The lock says that no engine runs; should something answer all the same, it stays. */
async function removeStale(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) return;
  if (!found.isSocket() || (await answers(path))) {
    throw new FailureError({
      code: 'control-socket-in-use',
      message: `${path} is in use by another program.`,
      hint: 'End that program, or set TOWLINE_HOME to another directory.',
    });
  }
  await rm(path, { force: true });
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
}
