import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import process from 'node:process';
import type { Disposable } from '../engine/base/disposables.ts';

/** What a connection to the far end is for; its first byte says so. */
export const purpose = { echo: 'e', request: 'r', down: 'd', up: 'u' } as const;

/** The receiver's own account of an upload. */
export interface Received {
  readonly bytes: number;
  readonly ms: number;
}

/** Starts the far end as a process of its own: on this machine, or inside the namespaces of `initPid`. */
export async function startFarEnd(port: number, initPid?: number): Promise<Disposable> {
  const program = [process.execPath, import.meta.filename, String(port)];
  const [command = '', ...args] =
    initPid === undefined ? program : ['nsenter', '-t', String(initPid), '-m', '-n', ...program];
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const first = await Promise.race([once(child.stdout, 'data'), exited.then(() => undefined)]);
  if (first === undefined) throw new Error(`the far end could not listen on port ${port}`);
  return {
    async dispose() {
      child.stdin.end();
      await exited;
    },
  };
}

const block = Buffer.alloc(256 * 1024);

function serve(socket: Socket): void {
  socket.on('error', () => undefined);
  socket.once('data', (first) => {
    const rest = first.subarray(1);
    switch (first.toString('latin1', 0, 1)) {
      case purpose.down:
        return pour(socket);
      case purpose.request:
        return void socket.end(rest);
      case purpose.up:
        return swallow(socket, rest.length);
      default:
        if (rest.length > 0) socket.write(rest);
        socket.pipe(socket);
    }
  });
}

function pour(socket: Socket): void {
  const fill = (): void => {
    while (!socket.destroyed && socket.write(block));
  };
  socket.resume().on('drain', fill);
  fill();
}

function swallow(socket: Socket, already: number): void {
  let bytes = already;
  const began = performance.now();
  socket.on('data', (chunk) => (bytes += chunk.length));
  socket.on('end', () => socket.end(JSON.stringify({ bytes, ms: performance.now() - began } satisfies Received)));
}

if (import.meta.main) {
  const server = createServer({ allowHalfOpen: true, noDelay: true }, serve);
  server.listen({ port: Number(process.argv[2]), host: '0.0.0.0', backlog: 4_096 }, () =>
    process.stdout.write('ready\n'),
  );
  process.stdin.resume().once('end', () => process.exit());
}
