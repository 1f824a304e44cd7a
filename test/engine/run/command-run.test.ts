import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../../engine/base/clock.ts';
import { CommandRun, type ReportEvent } from '../../../engine/run/command-run.ts';
import { commandRunRequestSchema, type CommandRunEvent, type CommandTask } from '../../../shared/run.ts';
import { waitFor } from '../../support/wait-for.ts';
import { groupLives, LocalSession } from './local-session.ts';

let session: LocalSession;
let events: CommandRunEvent[];
let stop: AbortController;

beforeEach(() => {
  session = new LocalSession();
  events = [];
  stop = new AbortController();
});
afterEach(async () => {
  session.destroy();
  await session.exited;
});

const commands = (...all: string[][]): CommandTask => ({ kind: 'commands', commands: all });
const sh = (...lines: string[]): CommandTask => commands(...lines.map((line) => ['sh', '-c', line]));

interface More {
  readonly persist?: boolean;
  readonly stdin?: boolean;
  readonly timeoutMs?: number;
  readonly report?: ReportEvent;
}

function start(task: CommandTask, { report, ...more }: More = {}) {
  const take: ReportEvent = async (event) => {
    events.push(event);
    await report?.(event);
  };
  const request = commandRunRequestSchema.parse({ hostId: 'shop', task, ...more });
  const pace = { beatMs: 200, graceMs: 200 };
  const run = new CommandRun({ session, request, report: take, clock: systemClock, pace });
  return { run, ended: run.perform(stop.signal) };
}

/** What the commands have said on one output. */
const said = (stream: 'stdout' | 'stderr', command?: number) =>
  Buffer.concat(
    events.flatMap((event) =>
      event.kind === 'output' && event.stream === stream && (command ?? event.command) === event.command
        ? [Buffer.from(event.data, 'base64')]
        : [],
    ),
  ).toString();
const codes = () => events.flatMap((event) => (event.kind === 'exited' ? [event.code] : []));
const running = (word: string) => waitFor(() => said('stdout').includes(word), { what: `${word} to be said` });
const allGone = () => waitFor(() => !groupLives(session.pid), { what: 'the process group to be gone' });

const hostile = [
  ...['', ' ', 'a b', "it's", '"double"', '$(touch /tmp/never)', '`id`', '${HOME}', '\\', '\\n', '%s', '\n', 'end\n\n'],
  ...['*', '?', '~', '!', '-n', '--', ';', '&&', '>x', '#', 'ünï ☃ 🐳', '\u0001\u007f', '@@', 'x=y', '\r\n', '\\0101'],
];

test('every argument arrives as it was given, whatever is in it', async () => {
  await start(commands(['printf', '%s\\0', ...hostile])).ended;
  expect(said('stdout').split('\0')).toEqual([...hostile, '']);
  expect(codes()).toEqual([0]);
});

test('no name is taken for a word of the shell: only programs are run, and what can be run is told by 126 and 127', async () => {
  await start(commands(['exit', '3'], ['tl_say', 'x'], ['/etc']), { persist: true }).ended;
  expect(codes()).toEqual([127, 127, 126]);
});

test('several commands go one after the other, each with its own output and code, until one fails', async () => {
  await start(sh('printf one; printf eins >&2', 'echo two; exit 7', 'echo never')).ended;
  expect([0, 1].map((command) => [said('stdout', command), said('stderr', command)])).toEqual([
    ['one', 'eins'],
    ['two\n', ''],
  ]);
  expect(codes()).toEqual([0, 7]);
});

test('those that are to go on all the same do; a signal is 128 and its number', async () => {
  await start(sh('exit 3', 'kill -9 $$', 'exit 0'), { persist: true }).ended;
  expect(codes()).toEqual([3, 137, 0]);
});

test('a script is run by its interpreter with its arguments, and input is its own', async () => {
  const text = '#!/bin/sh -e\nprintf "%s|" "$@"\ncat\nfalse\necho never\n';
  const { run, ended } = start({ kind: 'script', text, args: ['a b', '$1'] }, { stdin: true });
  await run.input(Buffer.from('from far\n'), true);
  await ended;
  expect([said('stdout'), codes()]).toEqual(['a b|$1|from far\n', [1]]);
});

test('a long script is run whole', async () => {
  const text = `# ${'x'.repeat(100_000)}\necho end\n`;
  await start({ kind: 'script', text, args: [] }).ended;
  expect(said('stdout')).toBe('end\n');
});

test('input and output are not changed by a byte, and no faster than they are taken', async () => {
  const sent = Buffer.alloc(3_000_000, Buffer.from([...Array(256).keys()]));
  const { run, ended } = start(commands(['cat']), { stdin: true });
  for (let at = 0; at < sent.length; at += 100_000) await run.input(sent.subarray(at, at + 100_000), false);
  await run.input(Buffer.alloc(0), true);
  await ended;
  const chunks = events.flatMap((event) => (event.kind === 'output' ? [Buffer.from(event.data, 'base64')] : []));
  expect(Buffer.concat(chunks).equals(sent)).toBe(true);
});

test('without input the commands read nothing; input that comes after the end is dropped', async () => {
  const { run, ended } = start(commands(['cat'], ['head', '-c', '1']));
  await ended;
  await run.input(Buffer.from('late'), true);
  expect([said('stdout'), codes()]).toEqual(['', [0, 0]]);
});

test('a command that does not read its input ends all the same', async () => {
  const { run, ended } = start(commands(['true']), { stdin: true });
  const given = run.input(Buffer.alloc(4_000_000), false);
  await ended;
  await given;
  expect(codes()).toEqual([0]);
});

test('what a command leaves running does not keep the result waiting', async () => {
  await start(sh('sleep 30 & echo done')).ended;
  expect([said('stdout'), codes()]).toEqual(['done\n', [0]]);
  process.kill(-session.pid, 'SIGKILL');
});

test('cancelled, all that runs there is ended, children too, and the reason is the caller’s', async () => {
  const { ended } = start(sh('(trap "" TERM; exec sleep 300) & sleep 300 & echo up; wait', 'echo never'));
  await running('up');
  stop.abort(new Error('changed my mind'));
  await expect(ended).rejects.toThrow('changed my mind');
  await allGone();
  expect([session.signals, codes(), said('stdout')]).toEqual([['TERM'], [], 'up\n']);
});

test('cancelled, a command may still tidy up', async () => {
  const { run, ended } = start(sh('trap "echo bye >&2; exit 0" TERM; echo up; while :; do sleep 0.05; done'), {
    stdin: true,
  });
  await run.input(Buffer.alloc(0), true);
  await running('up');
  stop.abort(new Error('cancelled'));
  await expect(ended).rejects.toThrow('cancelled');
  await allGone();
});

test('a command that will not end is ended hard', async () => {
  const { ended } = start(sh('trap "" TERM; echo up; while :; do sleep 0.1; done'));
  await running('up');
  stop.abort(new Error('cancelled'));
  await expect(ended).rejects.toThrow('cancelled');
  await allGone();
});

test('after its time it is ended and said to have timed out', async () => {
  await expect(start(sh('echo up; sleep 300'), { timeoutMs: 300 }).ended).rejects.toMatchObject({
    code: 'command-timed-out',
    message: 'Not done after 0.3 s, so it was ended.',
  });
  await allGone();
});

test('where the server passes on no signals, the end of the channel does it', async () => {
  session.deaf = true;
  const { ended } = start(sh('echo up; sleep 300'));
  await running('up');
  stop.abort(new Error('cancelled'));
  await expect(ended).rejects.toThrow('cancelled');
  await allGone();
});

test('a connection that is lost is told, and the host ends what runs by itself', async () => {
  const { ended } = start(sh('echo up; sleep 300'));
  await running('up');
  session.cut();
  await expect(ended).rejects.toMatchObject({ code: 'connection-lost' });
  await allGone();
});

test('a listener who takes nothing does not keep a lost session open', async () => {
  const never = new Promise<void>(() => undefined);
  const { ended } = start(sh('yes'), { report: () => never });
  await waitFor(() => events.length > 0, { what: 'the first output' });
  session.cut();
  await expect(ended).rejects.toMatchObject({ code: 'connection-lost' });
  await allGone();
});

test('a session that is ended from outside before the command is through has no result', async () => {
  await expect(start(sh('kill -9 $PPID; sleep 300')).ended).rejects.toMatchObject({ code: 'command-cut-off' });
  await allGone();
});

test('a login that runs nothing is told with what it said', async () => {
  session.destroy();
  await session.exited;
  session = new LocalSession(['/bin/sh', '-c', 'echo This account is not available. >&2; exit 1']);
  await expect(start(commands(['true'])).ended).rejects.toMatchObject({
    code: 'command-not-started',
    message: 'shop did not run it: This account is not available.',
  });
});

test('what a login shell says by itself is not the command’s', async () => {
  session.destroy();
  await session.exited;
  const greeting = 'echo Welcome; echo Maintenance tonight >&2; shift; exec sh -c "$@"';
  session = new LocalSession(['/bin/sh', '-c', greeting, 'login']);
  await start(sh('echo hello')).ended;
  expect([said('stdout'), said('stderr')]).toEqual(['hello\n', '']);
});
