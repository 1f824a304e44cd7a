import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { remoteCommand } from '../../../../engine/base/remote-command.ts';
import { remoteProgram } from '../../../../engine/deploy/remote/program.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'tl-home-'));
});
afterEach(() => rm(home, { recursive: true }));

/** Those of the shells that people log in with which this machine has. */
const shells = ['sh', 'bash', 'dash', 'zsh', 'fish', 'csh', 'tcsh'].filter(
  (shell) => spawnSync(shell, ['-c', 'exit 0'], { stdio: 'ignore' }).status === 0,
);

test.each(shells)('%s as a login shell hands the program over as it is', async (shell) => {
  const child = spawn(shell, ['-c', remoteCommand], {
    env: { PATH: process.env['PATH'], HOME: home },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const parameters = 'verb=look\nid=1\nnonce=n0\ndir=~/towline/shop\nproject=shop\n\n';
  child.stdin.on('error', () => undefined); // it may be over before it has read all
  child.stdin.end(`${Buffer.byteLength(remoteProgram)}\n${remoteProgram}${parameters}`);
  // What it says depends on this machine's Docker; that it speaks at all, with our nonce, is the shell's part.
  expect(await text(child.stdout)).toMatch(/^@n0 (refused|fact) /);
});

test('the program is one that every POSIX shell can parse, and no value of a user is in it', () => {
  expect(spawnSync('sh', ['-n'], { input: remoteProgram }).status).toBe(0);
  expect(remoteProgram).not.toMatch(/undefined|\[object/);
});
