import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DisposableStore } from '../../../engine/base/disposables.ts';
import { openProxyCommand } from '../../../engine/ssh/proxy-command.ts';
import { waitFor } from '../../support/wait-for.ts';

let owned: DisposableStore;
beforeEach(() => {
  owned = new DisposableStore();
});
afterEach(() => owned.dispose());

function proxy(command: string, env: NodeJS.ProcessEnv = { PATH: process.env['PATH'], SHELL: '/bin/sh' }): Duplex {
  const stream = openProxyCommand(command, env);
  owned.defer(() => void stream.destroy());
  return stream;
}

async function failure(stream: Duplex): Promise<unknown> {
  stream.resume();
  const [error] = (await once(stream, 'error')) as [unknown];
  return error;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('it carries both directions to their ends, however much it is', async () => {
  const stream = proxy('cat');
  const sent = Buffer.alloc(3 * 1024 * 1024, 'to the server and back ');
  stream.end(sent);
  expect((await buffer(stream)).equals(sent)).toBe(true);
});

test('a server that speaks first and a slow reader lose nothing', async () => {
  const stream = proxy('sh -c "head -c 2000000 /dev/zero; echo done"');
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    await new Promise((resolve) => void setImmediate(resolve));
  }
  expect(bytes).toBe(2_000_005);
});

test.each([
  ['says why', 'sh -c "echo no route to bastion >&2; exit 3"', 'no route to bastion'],
  ['says nothing', 'sh -c "exit 3"', 'exit code 3'],
  ['is killed', 'sh -c "kill -9 $$"', 'SIGKILL'],
  ['does not exist', '/nowhere/proxy', '/nowhere/proxy'],
])('a command that %s is a failure with what is known of it', async (_title, command, why) => {
  expect(await failure(proxy(command))).toMatchObject({
    code: 'proxy-command-failed',
    message: expect.stringContaining(why) as unknown,
  });
});

test('a shell that does not exist is a failure too', async () => {
  expect(await failure(proxy('true', { SHELL: '/nowhere/sh' }))).toMatchObject({ code: 'proxy-command-failed' });
});

test('of what it said the last is told, not megabytes', async () => {
  const error = await failure(proxy('sh -c "yes noise | head -c 1000000 >&2; echo the reason >&2; exit 1"'));
  expect(String(error)).toContain('the reason');
  expect(String(error).length).toBeLessThan(3_000);
});

test('the command replaces the shell, and ends with its stream', async () => {
  const stream = proxy('sh -c "echo $$; exec cat"');
  const [pid] = (await once(stream, 'data')) as [Buffer];
  expect(isRunning(Number(pid))).toBe(true);
  stream.destroy();
  await waitFor(() => !isRunning(Number(pid)), { what: 'the end of the process' });
});

test('a command that ends well while we still write is an end, not a failure', async () => {
  const stream = proxy('true');
  stream.write('hello?');
  expect(await text(stream)).toBe('');
});
