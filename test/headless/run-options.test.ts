import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { chosen } from '../../headless/run-desk.ts';
import { durationOf, readWish, type RunOptions } from '../../headless/run-options.ts';

const defaults: RunOptions = { concurrency: '5', wait: '5m', stdin: true };
const wish = (words: string[], options: Partial<RunOptions> = {}, stdin = '') =>
  readWish(words, { ...defaults, ...options }, Readable.from([Buffer.from(stdin)]) as NodeJS.ReadStream);

test.each([
  ['30', 30_000],
  ['500ms', 500],
  ['1.5m', 90_000],
  ['2h', 7_200_000],
])('%s is a duration', (text, ms) => {
  expect(durationOf(text)).toBe(ms);
});

test.each(['', '-1s', '0', 'soon', '5 m', '1d', '1e3'])('%j is none', (text) => {
  expect(() => durationOf(text)).toThrow(`${text} is no duration.`);
});

test('what follows the host is one command, word by word', async () => {
  expect(await wish(['shop', 'echo', 'a b', '$x'], { timeout: '2s', background: true })).toEqual({
    selection: { kind: 'one', name: 'shop' },
    task: { kind: 'commands', commands: [['echo', 'a b', '$x']] },
    given: [['echo', 'a b', '$x']],
    concurrency: 5,
    request: { persist: false, stdin: true, priority: 'background', waitMs: 300_000, timeoutMs: 2_000 },
  });
});

test('each -c is a line for sh of its own', async () => {
  const { task, given } = await wish(['shop'], { command: ['uptime', 'df -h | tail -1'] });
  expect([task, given]).toEqual([
    {
      kind: 'commands',
      commands: [
        ['sh', '-c', 'uptime'],
        ['sh', '-c', 'df -h | tail -1'],
      ],
    },
    ['uptime', 'df -h | tail -1'],
  ]);
});

test('a script may come on stdin, which is then no input for it', async () => {
  const { task, request } = await wish(['shop', 'one'], { script: '-' }, 'echo "$1"\n');
  expect([task, request.stdin]).toEqual([{ kind: 'script', text: 'echo "$1"\n', args: ['one'] }, false]);
});

test('a group gets no input, and all words are the command', async () => {
  const { selection, task, request } = await wish(['uname', '-a'], { hosts: 'web*,db1' });
  expect([selection, task, request.stdin]).toEqual([
    { kind: 'matching', patterns: ['web*', 'db1'] },
    { kind: 'commands', commands: [['uname', '-a']] },
    false,
  ]);
});

test.each<[string[], Partial<RunOptions>, string]>([
  [[], {}, 'Which host is it to run on?'],
  [['shop'], {}, 'What is to be run?'],
  [['shop', 'ls'], { command: ['ls'] }, 'Give either -c, or --script, or a command after --.'],
  [['shop'], { command: ['ls'], script: 'x.sh' }, 'Give either -c, or --script, or a command after --.'],
  [['shop'], { script: '/nowhere/x.sh' }, "The script /nowhere/x.sh can't be read"],
  [['shop', 'ls'], { concurrency: '0' }, '0 is no number of hosts.'],
  [['shop', 'a\0b'], {}, "That can't be run: holds a NUL, which no command can be given."],
  [['shop', 'x'.repeat(200_000)], {}, "That can't be run"],
])('%j with %j is told for what it is', async (words, options, message) => {
  await expect(wish(words, options)).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringContaining(message) as string,
  });
});

test('a script that is no text is refused: it would not arrive as it is', async () => {
  const binary = Readable.from([Buffer.from([0xff, 0xfe])]) as NodeJS.ReadStream;
  await expect(readWish(['shop'], { ...defaults, script: '-' }, binary)).rejects.toMatchObject({ code: 'usage' });
});

test('hosts are meant by name, by target, or by patterns; a name goes before a target', () => {
  const hosts = ['web2', 'web1', 'db'].map((id) => ({ id, target: id === 'web1' ? 'db' : `ssh://${id}` }));
  expect(chosen(hosts, { kind: 'one', name: 'db' })).toEqual(['db']);
  expect(chosen(hosts, { kind: 'one', name: 'ssh://web2' })).toEqual(['web2']);
  expect(chosen(hosts, { kind: 'one', name: 'web*' })).toEqual([]);
  expect(chosen(hosts, { kind: 'matching', patterns: ['web*', 'web1'] })).toEqual(['web1', 'web2']);
});
