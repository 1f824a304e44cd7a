import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SessionChannel } from '../../../engine/ssh/link.ts';
import { parseProbe, probeCommand, readProbe } from '../../../engine/ssh/probe.ts';
import { TestClock } from '../../support/test-clock.ts';

const answer = [
  'user=me',
  'uid=1000',
  'groups=me docker',
  'docker_host=unix:///run/user/1000/docker.sock',
  'docker=yes',
  'socket=w/run/user/1000/docker.sock',
  'socket=-/var/run/docker.sock',
  '',
].join('\n');
const known = {
  user: 'me',
  uid: '1000',
  groups: ['me', 'docker'],
  dockerHost: 'unix:///run/user/1000/docker.sock',
  dockerCli: true,
  sockets: [
    { path: '/run/user/1000/docker.sock', writable: true },
    { path: '/var/run/docker.sock', writable: false },
  ],
};
const unknown = {
  user: undefined,
  uid: undefined,
  groups: [],
  dockerHost: undefined,
  dockerCli: undefined,
  sockets: [],
};

/** A session whose command says what the test writes to its `stdout`. */
function session(): { channel: SessionChannel; stdout: PassThrough } {
  const stdout = new PassThrough();
  return {
    stdout,
    channel: Object.assign(stdout, { stderr: new PassThrough(), signal: () => undefined, end: () => stdout }),
  };
}

describe('the answer', () => {
  test.each([
    ['as it is', answer],
    ['after a greeting, a wrong one too', `Welcome!\n=== user=root ===\nuser=root\ndocker=no\n\n${answer}`],
    ['with the ends of line of a terminal', answer.replaceAll('\n', '\r\n')],
    ['with noise of other commands around it', `\u001b[2J\nsocket=\nsocket=wrelative\n${answer}bye`],
  ])('is understood %s', (_title, output) => {
    expect(parseProbe(output)).toEqual(known);
  });

  test('that is missing, empty or full of control characters says nothing', () => {
    expect(parseProbe('')).toEqual(unknown);
    expect(parseProbe('user=\nuid=\ngroups=\ndocker_host=\n')).toEqual(unknown);
    expect(parseProbe('user=\u001b]0;me\u0007\nsocket=w/run/\u0000.sock\ndocker_host=a\u009bb\n')).toEqual(unknown);
  });

  test('whatever it is, leads to sockets with absolute paths, each once, and to words without control characters', () => {
    const line = fc
      .tuple(
        fc.constantFrom('user=', 'groups=', 'socket=w', 'socket=-/', 'docker_host=', '\r', ''),
        fc.string({ unit: 'binary' }),
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const { sockets, user, groups, dockerHost } = parseProbe(lines.join('\n'));
        const paths = sockets.map(({ path }) => path);
        expect(paths.every((path) => path.startsWith('/'))).toBe(true);
        expect(new Set(paths).size).toBe(paths.length);
        expect([user, dockerHost, ...groups, ...paths].join('')).not.toMatch(/\p{Cc}/u);
      }),
    );
  });
});

describe('the command', () => {
  test('is one line whose only quotes are the two around its script, which no shell reads its own way', () => {
    expect(probeCommand).toMatch(/^sh -c '[^'\\!\n]*'$/);
  });

  test('finds out what a real shell knows, behind a greeting without an end of line', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'probe-'));
    const path = join(folder, 'docker it.sock');
    const server = createServer().listen(path);
    await once(server, 'listening');
    const { stdout } = await promisify(execFile)('/bin/sh', ['-c', `printf 'Welcome> '; ${probeCommand}`], {
      env: { ...process.env, HOME: folder, DOCKER_HOST: `unix://${path}` },
    });
    server.close();
    await rm(folder, { recursive: true });
    const { uid, groups, dockerHost, sockets } = parseProbe(stdout);
    expect([uid, dockerHost, sockets[0]]).toEqual([
      String(process.getuid?.()),
      `unix://${path}`,
      { path, writable: true },
    ]);
    expect(groups.length).toBeGreaterThan(0);
    expect(parseProbe(stdout).user).toBeDefined();
  });
});

describe('reading', () => {
  test('goes on to the end of the session, in whatever pieces, whatever its stderr says', async () => {
    const { channel, stdout } = session();
    const read = readProbe(channel, new TestClock());
    channel.stderr.push(Buffer.alloc(1024 * 1024));
    for (const byte of Buffer.from(answer.replaceAll('me', 'mü'))) stdout.write(Buffer.of(byte));
    stdout.emit('end');
    stdout.emit('close');
    expect(await read).toMatchObject({ user: 'mü', groups: ['mü', 'docker'] });
  });

  test('a session that hangs is closed after 10 s, and the host is known by what it said', async () => {
    const clock = new TestClock();
    const { channel, stdout } = session();
    const read = readProbe(channel, clock);
    stdout.write('user=me\n');
    await clock.advance(10_000);
    expect(await read).toEqual({ ...unknown, user: 'me' });
    expect([channel.destroyed, clock.pending]).toEqual([true, 0]);
  });

  test('a session that fails leaves no timer, and one that never stops talking is not kept in memory', async () => {
    const clock = new TestClock();
    const { channel, stdout } = session();
    const read = readProbe(channel, clock);
    stdout.write(answer);
    for (let mebi = 0; mebi < 4; mebi += 1) {
      stdout.write(Buffer.alloc(1024 * 1024, 'socket=w/x\n'));
      await clock.advance(0);
    }
    stdout.write('user=late\n');
    await clock.advance(0);
    channel.destroy(new Error('the connection was lost'));
    expect(await read).toMatchObject({ user: 'me' });
    expect(clock.pending).toBe(0);
  });
});
