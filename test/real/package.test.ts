import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ForwardView } from '../../shared/forward.ts';
import { waitFor } from '../support/wait-for.ts';
import { run } from './host/run.ts';
import { freePort, pageSoon, refusal, testPage } from './support/clients.ts';
import { RealBench } from './support/real-bench.ts';

/** `npm pack`, as it is: what it holds, what it takes to install it, and that it works where nothing else of Towline is. */

const root = join(import.meta.dirname, '../..');
const path = [dirname(process.execPath), process.env['PATH']].join(delimiter);
const bench = new RealBench();

let folder: string;
/** The empty folder into which the package was installed. */
let project: string;
let tarball: string;
let packed: { size: number; unpackedSize: number; files: { path: string }[] };

/** npm without a registry, a cache or settings of the user's. */
const npmEnvironment = () => ({
  ...{ PATH: path, HOME: folder, npm_config_userconfig: join(folder, 'npmrc') },
  npm_config_cache: join(folder, 'cache'), // `npm test` hands its own down
  ...{ npm_config_offline: 'true', npm_config_update_notifier: 'false' },
});
const npm = (...args: string[]) => run('npm', args, npmEnvironment());

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tl-package-'));
  project = join(folder, 'project');
  await mkdir(project);
  const source = await build(join(folder, 'source'));
  const [described] = JSON.parse(
    await npm('pack', source, '--ignore-scripts', '--json', '--pack-destination', folder),
  ) as [typeof packed & { filename: string }];
  packed = described;
  tarball = join(folder, described.filename);
  await npm('install', '--prefix', project, tarball);
});
afterAll(() => rm(folder, { recursive: true }));

/** What `npm pack` finds in a checkout that has been built, in a folder of its own: others may use the checkout's. */
async function build(into: string): Promise<string> {
  await mkdir(join(into, 'build'), { recursive: true });
  for (const file of ['package.json', 'build/app.mjs', 'README.md', 'CHANGELOG.md', 'LICENSE'])
    await copyFile(join(root, file), join(into, file));
  for (const part of ['headless', 'renderer']) {
    const config = join(root, 'build', `vite.${part}.config.ts`);
    const output = ['--outDir', join(into, 'dist', part), '--emptyOutDir'];
    await run(process.execPath, [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--config', config, ...output]);
  }
  await run(process.execPath, [join(root, 'build/man-page.ts'), join(into, 'dist/man/towline.1')]);
  return into;
}

/** `npx towline …` in the folder with the package, until the test ends or interrupts it. */
function towline(...args: string[]) {
  const env = { ...npmEnvironment(), TOWLINE_HOME: join(folder, 'home') };
  const child = spawn('npx', ['towline', ...args], { cwd: project, env, detached: true });
  const forwards: ForwardView[] = [];
  let complaints = '';
  createInterface(child.stdout).on('line', (line) => forwards.push(JSON.parse(line) as ForwardView));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
  let running = true;
  const ended = once(child, 'close').then(() => (running = false));
  /** To npx and what it runs, as a terminal sends it; over when all of them have let go of their output. */
  const send = async (signal: NodeJS.Signals): Promise<void> => {
    if (running && child.pid !== undefined) process.kill(-child.pid, signal);
    await ended;
  };
  bench.defer(() => send('SIGKILL'));
  return {
    complaints: () => complaints,
    interrupt: () => send('SIGINT'),
    listening: (name: string) =>
      waitFor(() => forwards.find(({ state, container }) => state === 'listening' && container === name), {
        what: `a forward to ${name}`,
        timeoutMs: 30_000,
      }),
  };
}

test('the package holds the command, its page and its manual, and nothing else', () => {
  const parts = [
    /^dist\/headless\/[\w-]+\.js$/,
    /^dist\/renderer\/(app\.js|index\.(css|html)|icon\.svg|assets\/[\w-]+\.js)$/,
    /^(build\/app\.mjs|dist\/(headless|renderer)\/licenses\.md|dist\/man\/towline\.1|[A-Z]+\.md|LICENSE|package\.json)$/,
  ];
  const files = packed.files.map((file) => file.path);
  expect(files.filter((file) => !parts.some((part) => part.test(file)))).toEqual([]);
  expect(files).toEqual(expect.arrayContaining(['dist/headless/towline.js', 'dist/headless/key-worker.js']));
  expect(packed.size).toBeLessThan(800_000);
  expect(packed.unpackedSize).toBeLessThan(3_000_000);
});

test('it installs without a registry and brings no other package', async () => {
  expect((await readdir(join(project, 'node_modules'))).filter((name) => !name.startsWith('.'))).toEqual(['towline']);
});

test('installed globally it brings the command and its manual', async () => {
  const prefix = join(folder, 'global');
  await npm('install', '--global', '--prefix', prefix, tarball);
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  expect(await run(join(prefix, 'bin/towline'), ['--version'], { PATH: path })).toBe(`${version}\n`);
  expect(await readFile(join(prefix, 'share/man/man1/towline.1'), 'utf8')).toContain(`"Towline ${version}"`);
});

test('npx towline up --demo forwards the ports of the demo host until Ctrl-C', async () => {
  const demo = towline('up', '--demo', '--json');
  const { local } = await demo.listening('shop-web-1');
  expect(await pageSoon(local.port)).toContain('<html');
  await demo.interrupt();
  expect(await refusal(local.port)).toBe('ECONNREFUSED');
  expect(demo.complaints()).toBe('');
});

test('npx towline up forwards the port of a container on a real host', async () => {
  const port = await freePort();
  const web = await bench.container(['-p', `${port}:80`]);
  const { target, identityFile, knownHostsFile } = bench.host;
  const up = towline('up', target, '-i', identityFile, '--known-hosts', knownHostsFile, '--no-ui', '--json');
  const { local } = await up.listening(web);
  expect(await pageSoon(local.port)).toBe(testPage);
  expect(up.complaints()).toBe('');
});
