import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';

const program = join(import.meta.dirname, 'support', 'keychain-session.ts');
/** gnome-keyring, opened with a password as at login, for the session that runs it. It ends with the session's bus. */
const unlocked =
  'printf "login password" | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; exec "$@"';

let home = '';
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'keychain-'));
  await mkdir(join(home, 'run'), { mode: 0o700 });
});
afterEach(() => rm(home, { recursive: true }));

async function run(command: string, args: readonly string[], bus?: string): Promise<unknown> {
  const env = {
    PATH: process.env['PATH'],
    HOME: home,
    XDG_RUNTIME_DIR: join(home, 'run'),
    ...(bus === undefined ? {} : { DBUS_SESSION_BUS_ADDRESS: bus }),
  };
  const { stdout } = await promisify(execFile)(command, args, { env, timeout: 60_000 });
  return JSON.parse(stdout);
}

/** A whole session: a bus, a keyring daemon, our program, and the end of all three. */
const inSession = (...args: string[]) =>
  run('dbus-run-session', ['--', 'sh', '-c', unlocked, 'sh', process.execPath, program, ...args]);

test('a secret is kept over sessions, in the keyring only, until it is deleted', async () => {
  const secret = 'correct horse ✓ battery';
  expect(await inSession('get')).toEqual({ secret: null });
  expect(await inSession('set', secret)).toEqual({ secret });
  expect(await inSession('get')).toEqual({ secret });
  const files = (await readdir(home, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) {
    expect(file.parentPath).toMatch(/\/keyrings$|\/dbus-1\//);
    expect((await readFile(join(file.parentPath, file.name))).includes(secret)).toBe(false);
  }
  expect(await inSession('delete')).toEqual({ secret: null });
  expect(await inSession('get')).toEqual({ secret: null });
});

test.each([
  ['no bus at all', undefined],
  ['a bus that is gone', 'unix:path=/nonexistent'],
])('%s: it says so and keeps nothing, not in the kernel either', async (_title, bus) => {
  const before = await readFile('/proc/keys', 'latin1');
  const answer = await run(process.execPath, [program, 'set', 'secret'], bus);
  expect(answer).toEqual({ unavailable: expect.stringContaining('Secret Service') as string });
  const towline = (keys: string) => keys.split('\n').filter((line) => line.includes('towline'));
  expect(towline(await readFile('/proc/keys', 'latin1'))).toEqual(towline(before));
});

test('a bus without a Secret Service', async () => {
  const config = join(home, 'bus.conf'); // names no folder with services to start
  await writeFile(
    config,
    `<busconfig><type>session</type><listen>unix:dir=${home}</listen><auth>EXTERNAL</auth>
     <policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`,
  );
  const answer = await run('dbus-run-session', ['--config-file', config, '--', process.execPath, program, 'get']);
  expect(answer).toEqual({ unavailable: expect.stringContaining('Secret Service') as string });
});
