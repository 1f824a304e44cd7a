import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import process from 'node:process';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Disposable } from '../engine/base/disposables.ts';
import type { Address } from './load.ts';

/** A line to `target` that carries so many Mbit/s each way, in a process of its own. */
export async function startThinWire(target: Address, mbits: number): Promise<Address & Disposable> {
  const child = spawn(process.execPath, [import.meta.filename, target.host, String(target.port), String(mbits)], {
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

/** Lets bytes through one after the other, each when the line is free again. */
function throttle(bytesPerMs: number): Transform {
  let freeAt = 0;
  return new Transform({
    highWaterMark: 64 * 1024,
    transform(chunk: Buffer, _, done) {
      freeAt = Math.max(freeAt, performance.now()) + chunk.length / bytesPerMs;
      void sleep(Math.max(0, freeAt - performance.now())).then(() => done(null, chunk));
    },
  });
}

async function carry(near: Socket, target: Address, bytesPerMs: number): Promise<void> {
  const far = connect({ ...target, noDelay: true });
  const both = [pipeline(near, throttle(bytesPerMs), far), pipeline(far, throttle(bytesPerMs), near)];
  await Promise.allSettled(both);
}

if (import.meta.main) {
  const [host = '', port, mbits] = process.argv.slice(2);
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    void carry(socket, { host, port: Number(port) }, (Number(mbits) * 1_000) / 8);
  });
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    process.stdout.write(String(typeof address === 'object' ? address?.port : address));
  });
  process.stdin.resume().once('end', () => process.exit());
}
