import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { purpose, type Received } from './far-end.ts';

/** Where a load generator connects to. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

const block = Buffer.alloc(256 * 1024);

export async function open(address: Address, signal = AbortSignal.timeout(10_000)): Promise<Socket> {
  const socket = connect({ ...address, noDelay: true });
  try {
    await once(socket, 'connect', { signal });
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** Sends `message` and waits for as many bytes to come back. Rejects when the connection closes first. */
export async function exchange(
  socket: Socket,
  message: string,
  expected = message.length,
  limitMs = 10_000,
): Promise<void> {
  let received = 0;
  await new Promise<void>((resolve, reject) => {
    const settle = (error?: Error): void => {
      clearTimeout(timer);
      socket.off('data', onData).off('close', onClose).off('error', settle);
      if (error === undefined) resolve();
      else reject(error);
    };
    const onData = (chunk: Buffer): void => {
      received += chunk.length;
      if (received >= expected) settle();
    };
    const onClose = (): void => settle(new Error('closed before the answer'));
    const timer = setTimeout(() => settle(new Error(`no answer within ${limitMs} ms`)), limitMs);
    socket.on('data', onData).on('close', onClose).on('error', settle);
    socket.write(message);
  });
}

/** A new connection, a request of 64 bytes, the answer, and the far end's goodbye: HTTP without keep-alive. */
export async function request(address: Address, limitMs = 10_000): Promise<void> {
  const socket = await open(address, AbortSignal.timeout(limitMs));
  socket.on('error', () => undefined);
  const ended = once(socket, 'end', { signal: AbortSignal.timeout(limitMs) });
  try {
    await exchange(socket, purpose.request + 'x'.repeat(64), 64, limitMs);
    await ended;
  } finally {
    ended.catch(() => undefined);
    socket.destroy();
  }
}

/** A new connection on which `message` is answered by `expected` bytes. */
export async function echo(
  address: Address,
  message: string,
  expected = message.length,
  limitMs = 10_000,
): Promise<void> {
  const socket = await open(address, AbortSignal.timeout(limitMs));
  socket.on('error', () => undefined);
  try {
    await exchange(socket, message, expected, limitMs);
  } finally {
    socket.destroy();
  }
}

/** Tries again at once until it works; rejects after `limitMs`. */
export async function untilItWorks(attempt: () => Promise<void>, limitMs: number, pauseMs = 1): Promise<void> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > deadline) throw new Error(`did not work within ${limitMs} ms`, { cause: error });
      await sleep(pauseMs);
    }
  }
}

/** Mbit/s here, from the first byte on, over `ms`, and the bytes. */
export async function download(address: Address, ms: number): Promise<{ mbits: number; bytes: number }> {
  let bytes = 0;
  let began = 0;
  const socket = connect({
    ...address,
    onread: {
      buffer: block,
      callback: (count) => {
        began ||= performance.now();
        bytes += count;
        return true;
      },
    },
  });
  const failed = once(socket, 'close').then(() => Promise.reject(new Error('the download was cut off')));
  socket.write(purpose.down);
  await Promise.race([sleep(ms), failed]);
  const took = performance.now() - began;
  failed.catch(() => undefined);
  socket.destroy();
  if (bytes === 0) throw new Error('nothing was downloaded');
  return { mbits: (bytes * 8) / took / 1000, bytes };
}

/** Mbit/s at the receiver, and the bytes. */
export async function upload(address: Address, ms: number): Promise<{ mbits: number; bytes: number }> {
  const socket = await open(address);
  const answer = text(socket);
  const deadline = performance.now() + ms;
  socket.write(purpose.up);
  const cutOff = AbortSignal.timeout(ms + 30_000);
  while (performance.now() < deadline) if (!socket.write(block)) await once(socket, 'drain', { signal: cutOff });
  socket.end();
  const received = JSON.parse(await answer) as Received;
  return { mbits: (received.bytes * 8) / received.ms / 1000, bytes: received.bytes };
}
