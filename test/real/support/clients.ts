import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { waitFor } from '../../support/wait-for.ts';

export const testPage = 'towline test page\n';

/** What a web server says on `/`. Rejects with how the connection ended, if it is no answer. */
export async function page(port: number, address = '127.0.0.1'): Promise<string> {
  const socket = connect({ port, host: address, allowHalfOpen: true });
  socket.write('GET / HTTP/1.0\r\n\r\n');
  const answer = await text(socket).finally(() => socket.destroy());
  return answer.slice(answer.indexOf('\r\n\r\n') + 4);
}

/** The same, asked again until it answers: a server needs a moment to listen after its container has started. */
export function pageSoon(port: number, address?: string): Promise<string> {
  return waitFor(() => page(port, address), { what: `a page on port ${port}`, timeoutMs: 20_000 });
}

/** What comes back from an echo server for `message`, after an orderly end. */
export async function echo(port: number, message: string, address = '127.0.0.1'): Promise<string> {
  const socket = connect({ port, host: address, allowHalfOpen: true });
  socket.end(message);
  return text(socket);
}

/** The same, asked again until something comes back. */
export function echoSoon(port: number, message: string, address?: string): Promise<string> {
  return waitFor(() => echo(port, message, address), { what: `an echo on port ${port}`, timeoutMs: 20_000 });
}

/** A client that is connected; the caller destroys it. */
export async function client(port: number, address = '127.0.0.1'): Promise<Socket> {
  const socket = connect({ port, host: address, allowHalfOpen: true });
  await once(socket, 'connect');
  return socket;
}

/** How connecting to a port, or reading from it, fails: `ECONNREFUSED`, `ECONNRESET`; undefined when it does not. */
export async function refusal(port: number, address = '127.0.0.1'): Promise<string | undefined> {
  try {
    await page(port, address);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
}

/** Another program that holds a local port, on 127.0.0.1. */
export async function occupy(port: number): Promise<Server> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

let next = 20_000 + (process.pid % 90) * 100;

/** The first of `count` ports in a row that are free here, on both loopback addresses, and were not given before. */
export async function freePorts(count: number): Promise<number> {
  for (let first = next; first < 30_000; first += 1) {
    const free = await Promise.all(Array.from({ length: count }, (_, offset) => isFree(first + offset)));
    if (!free.includes(false)) {
      next = first + count;
      return first;
    }
  }
  throw new Error(`no ${count} free ports below 30000`);
}

export const freePort = (): Promise<number> => freePorts(1);

async function isFree(port: number): Promise<boolean> {
  for (const host of ['127.0.0.1', '::1']) {
    const server = createServer().listen(port, host);
    try {
      await once(server, 'listening');
    } catch {
      return false;
    }
    server.close();
    await once(server, 'close');
  }
  return true;
}
