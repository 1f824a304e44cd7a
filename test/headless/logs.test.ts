import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DisposableStore } from '../../engine/base/disposables.ts';
import { requestOf } from '../../headless/logs.ts';
import { waitFor } from '../support/wait-for.ts';

const program = new URL('towline-with-fake-engine.ts', import.meta.url).pathname;

let owned: DisposableStore;
let home: string;
beforeEach(async () => {
  owned = new DisposableStore();
  home = await mkdtemp(join(tmpdir(), 'tl-cli-'));
  owned.defer(() => rm(home, { recursive: true, force: true }));
  const hosts = [{ id: 'shop', target: 'ssh://me@shop' }];
  await writeFile(join(home, 'config.json'), JSON.stringify({ version: 1, hosts }));
});
afterEach(() => owned.dispose());

function start(...args: string[]) {
  const { NO_COLOR: _, ...env } = process.env;
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...env, TOWLINE_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const running = { stdout: '', stderr: '', child };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (running.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (running.stderr += text));
  const closed = once(child, 'close').then(([code]) => code as number | null);
  owned.defer(async () => {
    child.kill('SIGKILL');
    await closed;
  });
  const ended = closed.then((code) => ({ code, stdout: running.stdout, stderr: running.stderr }));
  return { running, ended };
}

const towline = (...args: string[]) => start(...args).ended;

const text = ['web | GET /', 'api | no database', 'web | a long one ... (cut)', ''].join('\n');
const asPlain = (stdout: string): string => stdout.replaceAll('│', '|').replaceAll('…', '...');

test('without a running engine the log is read by one of this process: lines on stdout, what else there is to say on stderr', async () => {
  const { code, stdout, stderr } = await towline('logs', 'shop');
  expect([code, asPlain(stdout)]).toEqual([0, text]);
  expect(stderr).toBe(
    '12 lines were left out: they came faster than they were read.\nshop_web_1 has stopped.\nshop_web_1 is here again.\n',
  );
});

test('a running engine is asked, and Ctrl-C ends following it', async () => {
  const up = start('up', '--json', '--no-ui');
  await waitFor(() => up.running.stdout.includes('ready'), { what: 'the engine', timeoutMs: 30_000 });
  expect(asPlain((await towline('logs', 'shop')).stdout)).toBe(text);
  const following = start('logs', '-f', 'shop');
  await waitFor(() => following.running.stderr.includes('here again'), { what: 'the log', timeoutMs: 30_000 });
  following.running.child.kill('SIGINT');
  expect(await following.ended).toMatchObject({ code: 0 });
});

test('with --json each line is one document, and --grep leaves out what does not match', async () => {
  const { stdout } = await towline('logs', '--json', '--grep', '^GET|data', 'shop');
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { text: string; stream: string });
  expect(lines.map(({ text: of, stream }) => [of, stream])).toEqual([
    ['\x1b[32mGET\x1b[0m /\x1b]0;owned\x1b\\', 'stdout'],
    ['no database', 'stderr'],
  ]);
});

test('following ends when whoever reads the output has enough', async () => {
  const { running, ended } = start('logs', '-f', 'shop');
  running.child.stdout.destroy();
  expect((await ended).code).toBe(0);
});

test('a name that nobody has fails, and what can not be meant is wrong usage', async () => {
  expect(await towline('logs', 'cache')).toEqual({ code: 1, stdout: '', stderr: 'There is no cache.\nLook.\n' });
  expect(await towline('logs', '--grep', '(', 'shop')).toMatchObject({ code: 2, stdout: '' });
});

test('options are what is asked of the engine', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  expect(requestOf('web', {}, now)).toEqual({ name: 'web', once: true, whenSlow: 'wait' });
  expect(requestOf('web', { follow: true, tail: '10', since: '1h' }, now)).toEqual({
    ...{ name: 'web', once: false, whenSlow: 'wait', tail: 10 },
    since: '2025-12-31T23:00:00.000Z',
  });
  expect(requestOf('web', { tail: 'all', until: '1h' }, now)).toMatchObject({
    once: true,
    until: '2025-12-31T23:00:00.000Z',
  });
  for (const options of [{ tail: '-1' }, { tail: 'ten' }, { follow: true, until: '1h' }, { since: 'soon' }]) {
    expect(() => requestOf('web', options, now)).toThrow(expect.objectContaining({ code: 'usage' }) as Error);
  }
});
