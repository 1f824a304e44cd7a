import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../engine/base/clock.ts';
import { DisposableStore } from '../../engine/base/disposables.ts';
import { silentLogger } from '../../engine/base/logger.ts';
import type { Exec } from '../../engine/demo/ssh-session.ts';
import { noHost } from '../../engine/engine-failures.ts';
import { HostSupervisor } from '../../engine/host.ts';
import { PromptDesk } from '../../engine/prompts.ts';
import { Runs } from '../../engine/runs.ts';
import { overSsh2 } from '../../engine/ssh/ssh2-link.ts';
import { StateStore } from '../../engine/state-store.ts';
import type { HostView } from '../../shared/host.ts';
import { commandRunRequestSchema, type CommandRunEvent } from '../../shared/run.ts';
import { defaultSettings } from '../../shared/settings.ts';
import { startTestSshd, type TestSshd } from '../support/test-sshd.ts';
import { waitFor } from '../support/wait-for.ts';
import { testPlan } from './forward/test-plan.ts';
import { groupLives } from './run/local-session.ts';
import { appState } from './serve/fake-engine.ts';

let owned: DisposableStore;
let sshd: TestSshd;
let host: HostSupervisor;
let store: StateStore;
let runs: Runs;

beforeEach(() => {
  owned = new DisposableStore();
});
afterEach(() => owned.dispose());

/** Runs the command with a shell of this machine, as sshd would. */
const localExec: Exec = async (command, { stdin, stdout, stderr, signal }) => {
  const child = spawn('/bin/sh', ['-c', command], { detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
  signal.addEventListener('abort', () => {
    for (const pipe of child.stdio) pipe?.destroy();
  });
  child.stdin.on('error', () => undefined);
  stdin.pipe(child.stdin);
  child.stdout.pipe(stdout, { end: false });
  child.stderr.pipe(stderr, { end: false });
  const [code] = (await once(child, 'close')) as [number | null];
  return code ?? 255;
};

async function connect(sessionLimit = 2): Promise<void> {
  const exec: Exec = (command, streams) =>
    command.includes('towline') ? localExec(command, streams) : Promise.resolve(0);
  const refused = { refused: 'connect-failed', description: 'open failed' } as const;
  sshd = owned.add(await startTestSshd({ exec, openUnix: () => refused, maxSessions: sessionLimit }));
  store = new StateStore(appState(), systemClock);
  host = owned.add(
    new HostSupervisor({
      profile: { id: 'shop', target: `ssh://tester@127.0.0.1:${sshd.port}`, sessionLimit },
      connect: overSsh2(testPlan(sshd), systemClock),
      prompts: new PromptDesk({ terminal: undefined, doorsCanAnswer: () => false, clock: systemClock }),
      settings: () => defaultSettings,
      remembered: { get: () => undefined, set: () => undefined },
      ownerOf: () => Promise.resolve(undefined),
      dockerSocketPath: undefined,
      publish: (view) => store.update((state) => ({ ...state, hosts: { shop: view } })),
      clock: systemClock,
      log: silentLogger,
    }),
  );
  const find = (hostId: string): HostSupervisor => {
    if (hostId !== 'shop') throw noHost(hostId, ['shop']);
    return host;
  };
  runs = owned.add(new Runs({ store, host: find, clock: systemClock, pace: { beatMs: 200, graceMs: 200 } }));
  await host.start();
}

const view = (): HostView | undefined => store.state.hosts['shop'];
const until = (what: string, condition: (view: HostView) => boolean) =>
  waitFor(
    () => {
      const now = view();
      return now !== undefined && condition(now);
    },
    { what, timeoutMs: 10_000 },
  );

function start(line: string, more: object = {}) {
  const task = { kind: 'commands', commands: [['sh', '-c', line]] };
  const request = commandRunRequestSchema.parse({ hostId: 'shop', task, ...more });
  const stop = new AbortController();
  const events: CommandRunEvent[] = [];
  const ended = (async () => {
    for await (const event of runs.start(request, stop.signal)) events.push(event);
  })();
  ended.catch(() => undefined);
  const said = () =>
    events.flatMap((event) => (event.kind === 'output' ? [Buffer.from(event.data, 'base64').toString()] : [])).join('');
  const name = () => events.flatMap((event) => (event.kind === 'begun' ? [event.run] : []))[0] ?? '';
  const says = (text: string) => waitFor(() => said().includes(text), { what: `"${text}" to be said` });
  return { events, ended, said, says, name, stop };
}

test('a command runs over the connection that is there, in one session, and is counted', async () => {
  await connect();
  const run = start('echo hello');
  await run.ended;
  expect(run.events.map(({ kind }) => kind)).toEqual(['begun', 'started', 'output', 'exited']);
  await until('the count', ({ commands }) => commands?.completed === 1);
  expect(view()?.commands).toMatchObject({ waiting: 0, running: 0, rejected: 0, durations: { count: 1 } });
  expect(sshd.counts).toMatchObject({ connections: 1, sessionsOpen: 0 });
});

test('input goes to the command once it runs, not before, and is dropped once it is over', async () => {
  await connect(1);
  const before = start('echo first; cat', { stdin: true });
  await before.says('first');
  const run = start('cat', { stdin: true });
  await waitFor(run.name, { what: 'the name of the run' });
  await expect(runs.input(run.name(), Buffer.from('early'), false)).rejects.toMatchObject({ code: 'run-not-started' });
  await until('it to wait', ({ commands }) => commands?.waiting === 1);
  await runs.input(before.name(), Buffer.alloc(0), true);
  await waitFor(() => run.events.some(({ kind }) => kind === 'started'), { what: 'the start' });
  await runs.input(run.name(), Buffer.from('ready'), true);
  await run.ended;
  await runs.input(run.name(), Buffer.from('late'), true);
  expect(run.said()).toBe('ready');
});

test('cancelled while it waits, it never begins and leaves the line', async () => {
  await connect(1);
  const first = start('echo first; cat', { stdin: true });
  await first.says('first');
  const second = start('echo second');
  await until('it to wait', ({ commands }) => commands?.waiting === 1);
  runs.cancel(second.name());
  await expect(second.ended).rejects.toMatchObject({ code: 'cancelled' });
  await until('the line to be empty', ({ commands }) => commands?.waiting === 0);
  await runs.input(first.name(), Buffer.alloc(0), true);
  await first.ended;
});

test('who stops listening ends it on the host', async () => {
  await connect();
  const run = start('echo $PPID; sleep 300');
  await run.says('\n');
  run.stop.abort(new Error('gone'));
  await expect(run.ended).rejects.toThrow('gone');
  await waitFor(() => !groupLives(Number(run.said())), { what: 'the command to be gone' });
  await until('its session to be free', ({ sessions }) => sessions.inUse === 0);
});

test('a connection that dies silently gives its lease back, and whoever waits for the command is told', async () => {
  await connect();
  const run = start('echo up; sleep 300');
  const beside = start('echo up; sleep 300');
  const behind = start('echo never');
  await Promise.all([run.says('up'), beside.says('up')]);
  await until('one to wait', ({ commands }) => commands?.running === 2 && commands.waiting === 1);
  sshd.network.freeze();
  host.checkNow(); // as when the machine wakes up
  for (const { ended } of [run, beside, behind]) await expect(ended).rejects.toMatchObject({ code: 'connection-lost' });
  await until('the leases to be free', ({ commands }) => commands?.running === 0 && commands.waiting === 0);
  sshd.network.thaw();
});

test('a host that is not connected, and will not be by itself, is told at once', async () => {
  await connect();
  await until('the connection', ({ state }) => state === 'ready');
  host.disconnect();
  await expect(start('true').ended).rejects.toMatchObject({ code: 'host-disconnected' });
  await expect(start('true', { hostId: 'nosuch' }).ended).rejects.toMatchObject({ code: 'host-not-found' });
});

test('a deployment stands in the same line, before whoever came earlier', async () => {
  await connect(1);
  const first = start('echo first; cat', { stdin: true });
  await first.says('first');
  const second = start('echo second');
  await until('it to wait', ({ commands }) => commands?.waiting === 1);
  const deploying = host.openSession('deploy', 'deploy', new AbortController().signal);
  await until('both to wait', ({ commands }) => commands?.waiting === 2);
  await runs.input(first.name(), Buffer.alloc(0), true);
  const session = await deploying;
  expect(second.said()).toBe('');
  session.resume().destroy();
  await second.ended;
  expect(second.said()).toBe('second\n');
});
