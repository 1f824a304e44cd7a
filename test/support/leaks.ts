import { ChildProcess } from 'node:child_process';
import { Server, Socket } from 'node:net';
import process from 'node:process';
import { afterAll } from 'vitest';
import { waitFor } from './wait-for.ts';

/**
 * A set-up file for every suite: a test file that leaves a socket, a server, a child process, a watcher or a timer
 * behind fails. What lives on purpose without keeping the process alive (`unref`) is not a leak.
 */

// Node's own list of what keeps the process alive, with the objects; its public twin only has their kinds.
const openHandles = (process as unknown as { _getActiveHandles(): object[] })._getActiveHandles.bind(process);
const before = new Set(openHandles());

afterAll(async () => {
  const gone = waitFor(() => leaks().length === 0, { what: 'an empty list', timeoutMs: 1000 });
  await gone.catch(() => {
    throw new Error(`the test file left open: ${leaks().join(', ')}`);
  });
});

function leaks(): string[] {
  const handles = openHandles().filter((handle) => !before.has(handle));
  const timers = process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
  return [...handles.map(describe), ...(timers > 0 ? [`${timers} running timer(s)`] : [])];
}

/** A handle in a few words: its class and what tells it from others of its kind. */
function describe(handle: object): string {
  const kind = handle.constructor.name;
  if (handle instanceof ChildProcess) return `${kind} ${handle.spawnargs.join(' ')}`;
  if (handle instanceof Server) return `${kind} on ${JSON.stringify(handle.address())}`;
  if (handle instanceof Socket)
    return `${kind} to ${handle.remoteAddress ?? 'a pipe'} ${handle.remotePort ?? ''}`.trim();
  return kind;
}
