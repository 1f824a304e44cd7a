import { expect, test } from 'vitest';
import type { LogEvent, LogFollowRequest, LogReadRequest } from '../../shared/log.ts';
import { LogReader } from '../support/log-reader.ts';
import { freePort, pageSoon, testPage } from './support/clients.ts';
import { RealBench } from './support/real-bench.ts';
import type { RealEngine } from './support/real-engine.ts';

const bench = new RealBench();
const { host } = bench;
const never = new AbortController().signal;

const shell = (program: string): string[] => ['sh', '-c', program];

/** Reads along; all there is first, unless `tail` says otherwise. */
function follow({ engine }: RealEngine, name: string, request: Partial<LogFollowRequest> = {}): LogReader {
  const whole = { name, once: false, whenSlow: 'wait', ...request } as const;
  return bench.add(new LogReader((signal): AsyncIterable<LogEvent> => engine.logs.follow(whole, signal)));
}

async function all(engine: RealEngine, name: string, request: Partial<LogFollowRequest> = {}): Promise<LogReader> {
  const reader = follow(engine, name, { once: true, ...request });
  await reader.ended();
  return reader;
}

const read = ({ engine }: RealEngine, name: string, request: Partial<LogReadRequest> = {}) =>
  engine.logs.read({ name, tail: 500, ...request }, never);

/** Counts up in lines, from 1 in each of its lives; a file in the container remembers how far. */
const counter = (pauseS: string): string[] =>
  shell(`i=$(cat /n 2>/dev/null || echo 0); while :; do i=$((i+1)); echo $i >/n; echo line $i; sleep ${pauseS}; done`);

test('history is what `docker logs` tells, line by line, with both streams apart', async () => {
  const engine = await bench.engine();
  const name = await bench.container([], shell('for i in $(seq 1 300); do echo out $i; echo err $i >&2; done'));
  await host.docker(['wait', name]);
  const told = await host.docker(['logs', '--timestamps', name]).then((text) => text.split('\n'));
  const reader = await all(engine, name);
  const out = reader.lines.filter(({ stream }) => stream === 'stdout');
  const err = reader.lines.filter(({ stream }) => stream === 'stderr');
  expect(out.map(({ at, text }) => `${at} ${text}`)).toEqual(told);
  expect(err.map(({ text }) => text)).toEqual(Array.from({ length: 300 }, (_, i) => `err ${i + 1}`));
  expect(engine.host().sessions.opened).toBe(1);
});

const counted = (reader: LogReader): number[] => reader.texts.map((text) => Number(text.replace('line ', '')));
const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

test('a container that is restarted ten times is followed without loss or doubles', async () => {
  const engine = await bench.engine();
  const name = await bench.container([], counter('0.01'));
  const reader = follow(engine, name);
  for (let restart = 1; restart <= 10; restart += 1) {
    const before = reader.lines.length;
    await reader.until('more lines', ({ lines }) => lines.length > before + 5);
    await host.docker(['restart', '-t', '0', name]);
  }
  const last = reader.lines.length + 10;
  await reader.until('lines after the last restart', ({ lines }) => lines.length >= last);
  await host.docker(['kill', name]);
  await reader.until('the end', ({ notes }) => notes.at(-1) === `ended ${name} stopped`);
  expect(reader.texts).toEqual((await host.docker(['logs', name])).split('\n'));
});

test('a connection that is killed while following costs no line and doubles none', async () => {
  const engine = await bench.engine();
  const name = await bench.container([], counter('0.005'));
  const reader = follow(engine, name);
  for (let kill = 1; kill <= 5; kill += 1) {
    const before = reader.lines.length;
    await reader.until('more lines', ({ lines }) => lines.length > before + 20);
    expect(await host.sshd.killConnections()).toBe(1);
    await engine.until(
      'the next connection',
      ({ connections, state }) => state === 'ready' && connections.opened > kill,
    );
  }
  const last = reader.lines.length + 50;
  await reader.until('lines after the last kill', ({ lines }) => lines.length >= last);
  expect(counted(reader)).toEqual(upTo(reader.lines.length));
  expect(reader.notes.filter((note) => note.includes('disconnected')).length).toBeGreaterThan(0);
});

test('a log that Docker rotates while it is followed is told whole, and once', async () => {
  const engine = await bench.engine();
  const rotating = ['--log-opt', 'max-size=200k', '--log-opt', 'max-file=5'];
  const name = await bench.container(
    rotating,
    shell('for i in $(seq 1 6000); do echo line $i; [ $((i % 50)) = 0 ] && sleep 0.05; done'),
  );
  const reader = follow(engine, name);
  await reader.until('the last line', ({ texts }) => texts.at(-1) === 'line 6000');
  expect(counted(reader)).toEqual(upTo(6_000));
  const file = await host.docker(['inspect', '--format', '{{.LogPath}}', name]);
  expect((await host.exec(`ls ${file}*`)).trim().split('\n').length).toBeGreaterThan(1);
});

test('a container that another replaces under its name is followed on', async () => {
  const engine = await bench.engine();
  const name = await bench.container([], shell('echo first; sleep 1000'));
  const reader = follow(engine, name);
  await reader.until('the first', ({ texts }) => texts.includes('first'));
  await host.docker(['rm', '-f', name]);
  await reader.until('its end', ({ notes }) => notes.includes(`ended ${name} removed`));
  await host.docker(['run', '-d', '--name', name, 'towline-test:latest', ...shell('echo second; sleep 1000')]);
  await reader.until('the second', ({ texts }) => texts.includes('second'));
  expect(reader.texts).toEqual(['first', 'second']);
  expect(reader.notes).toEqual([`attached ${name}`, `ended ${name} removed`, `attached ${name}`]);
});

test('a container with a terminal tells its lines bare, with their colours, long ones too', async () => {
  const engine = await bench.engine();
  const program = `printf 'plain\\n\\033[31mred\\033[0m\\n'; head -c 100000 /dev/zero | tr '\\0' 'x'; echo; echo last`;
  const name = await bench.container(['-t'], shell(program));
  await host.docker(['wait', name]);
  const reader = await all(engine, name);
  expect(reader.texts).toEqual(['plain', '\x1b[31mred\x1b[0m', 'x'.repeat(100_000), 'last']);
  expect(reader.lines.map(({ stream }) => stream)).toEqual(Array(4).fill('stdout'));
});

test('a line of 1 MB comes whole, one of 3 MB by its beginning and with a mark, bytes that are no text visibly', async () => {
  const engine = await bench.engine();
  const megabytes = (count: number, letter: string): string =>
    `head -c ${count}000000 /dev/zero | tr '\\0' '${letter}'; echo;`;
  const odd = `printf 'a\\000b\\377c\\303\\244\\007\\n'; printf 'no end'`;
  const program = shell(`${megabytes(1, 'x')} ${megabytes(3, 'y')} ${odd}`);
  const name = await bench.container(['--log-driver', 'local'], program); // json-file spoils what is no UTF-8 itself
  await host.docker(['wait', name]);
  const reader = await all(engine, name);
  expect(reader.lines.map(({ text, truncated }) => [text.length, text[0], truncated])).toEqual([
    [1_000_000, 'x', undefined],
    [1_048_576, 'y', true],
    [16, 'a', undefined],
    [6, 'n', undefined],
  ]);
  expect(reader.texts.slice(2)).toEqual(['a\\x00b\\xffcä\\x07', 'no end']);
});

/** Containers that look as Compose had made them. */
async function service(project: string, name: string, program: string): Promise<string> {
  const labels = { project, service: name, oneoff: 'False', 'container-number': '1' };
  const options = Object.entries(labels).flatMap(([key, value]) => ['--label', `com.docker.compose.${key}=${value}`]);
  return bench.container(options, shell(program));
}

test('all containers of a project are one log in the order of time, one that joins it later as well', async () => {
  const engine = await bench.engine();
  const project = bench.name('shop');
  const ticking = (word: string): string => `i=0; while :; do i=$((i+1)); echo ${word} $i; sleep 0.02; done`;
  await service(project, 'api', ticking('api'));
  await service(project, 'web', ticking('web'));
  const reader = follow(engine, project);
  await reader.until('both', ({ lines }) => new Set(lines.map(({ service: of }) => of)).size === 2);
  await service(project, 'db', ticking('db'));
  await reader.until('the third', ({ texts }) => texts.includes('db 50'));
  await reader.dispose();
  for (const of of ['api', 'web', 'db']) {
    const own = reader.lines.filter((line) => line.service === of);
    expect(own.map(({ text }) => text)).toEqual(own.map((_, index) => `${of} ${index + 1}`));
  }
  const times = (await all(engine, project)).lines.map(({ at }) => at);
  expect(times).toEqual([...times].sort());
  const sources = reader.events.flatMap((event) => (event.kind === 'attached' ? [event.source] : []));
  expect(sources.map(({ service: of, colour }) => [of, colour]).sort()).toEqual([
    ['api', 0],
    ['db', 2],
    ['web', 1],
  ]);
});

test('paging backwards gives every line once, to the very first', async () => {
  const engine = await bench.engine();
  const project = bench.name('pages');
  await service(
    project,
    'a',
    'for i in $(seq 1 400); do echo a $i; done; sleep 2.2; for i in $(seq 401 500); do echo a $i; done',
  );
  const b = await service(project, 'b', 'for i in $(seq 1 300); do echo b $i; sleep 0.005; done');
  await host.docker(['wait', b]);
  await follow(engine, project).until('all', ({ lines }) => lines.length === 800);
  const pages: string[][] = [];
  let before: string | undefined;
  for (;;) {
    const page = await read(engine, project, { tail: 70, ...(before === undefined ? {} : { before }) });
    pages.unshift(page.lines.map(({ text }) => text));
    before = page.lines[0]?.at;
    if (!page.more) break;
  }
  const texts = pages.flat();
  expect(texts.filter((text) => text.startsWith('a'))).toEqual(upTo(500).map((n) => `a ${n}`));
  expect(texts.filter((text) => text.startsWith('b'))).toEqual(upTo(300).map((n) => `b ${n}`));
  expect(pages.every(({ length }) => length <= 70)).toBe(true);
});

test('where each stream costs a session, logs are asked for every now and then, and leave room for everything else', async () => {
  const sshd = await bench.sshd(2401, { AllowStreamLocalForwarding: 'no', MaxSessions: 2 });
  const engine = await bench.engine({ profile: { target: sshd.target } });
  const project = bench.name('poor');
  const web = await service(project, 'web', counter('0.05')[2] ?? '');
  await service(project, 'api', 'echo api; sleep 1000');
  const reader = follow(engine, project);
  await reader.until('lines of several looks', ({ texts }) => texts.includes('line 60'));
  const own = reader.lines.filter(({ container }) => container === web).map(({ text }) => text);
  expect(own).toEqual(own.map((_, index) => `line ${index + 1}`));
  expect(engine.host().sessions).toMatchObject({ limit: 2, peak: 2 });
});

test('a flood that nobody reads holds up no forward; what was dropped is told, and the newest lines come', async () => {
  const engine = await bench.engine();
  const port = await freePort();
  const web = await bench.container(['-p', `${port}:80`]);
  await engine.untilForward(web);
  const flood = await bench.container([], shell('yes "$(head -c 200 /dev/zero | tr "\\0" f)"'));
  const events = engine.engine.logs.follow({ name: flood, tail: 0, once: false, whenSlow: 'drop' }, never);
  let gap = 0;
  for await (const event of events) {
    if (event.kind === 'gap') gap += event.lines;
    if (event.kind !== 'lines') continue;
    if (gap > 0) break;
    for (let visit = 1; visit <= 50; visit += 1) expect(await pageSoon(port)).toBe(testPage);
  }
  expect(gap).toBeGreaterThan(0);
});
