import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { fetchElectron, findElectron, whyNoWindow } from './electron.mjs';
import { buildNativeCrypto } from './native-crypto.mjs';
import { nodeFlagsOf } from './node-flags.mjs';
import { changedAt, newestChange } from './stale.mjs';

/**
 * What stands behind `npm start`, `npm test` and their like. It runs on any Node from 20.19 with nothing installed:
 * it brings the dependencies and the build up to date, then runs the command with the project's own Node.
 */

const root = join(import.meta.dirname, '..');
const at = (...parts) => join(root, ...parts);
const bin = at('node_modules', '.bin');
const towline = at('dist', 'headless', 'towline.js');
const page = {
  made: at('dist', 'renderer', 'index.html'),
  from: ['shared', 'renderer', 'package.json'],
  config: 'build/vite.renderer.config.ts',
};
const command = {
  made: towline,
  from: ['shared', 'engine', 'headless', 'package.json', 'build/self-contained.ts'],
  config: 'build/vite.headless.config.ts',
};
const desktop = [
  {
    made: at('dist', 'electron', 'main.js'),
    from: ['shared', 'engine', 'electron', 'package.json', 'build/self-contained.ts'],
    config: 'build/vite.main.config.ts',
  },
  {
    made: at('dist', 'electron', 'preload.cjs'), // goes where the one before empties the folder
    from: ['shared', 'engine', 'electron', 'package.json', 'build/vite.main.config.ts'],
    config: 'build/vite.preload.config.ts',
  },
];
const everything = [command, page, ...desktop];
const upOptionsWithValue = new Set(['-i', '-F', '--known-hosts', '--docker-socket']);

const commands = {
  test: (args) => [at('build', 'test.mjs'), ...args],
  'test:e2e': (args) => (bringUpToDate(everything), [at('build', 'e2e.mjs'), ...args]),
  bench: (args) => (bringUpToDate([command, page]), [at('bench', 'main.ts'), ...args]),
  build: () => (bringUpToDate(everything), undefined),
  towline: (args) => (bringUpToDate([command, page]), [...nodeFlagsOf(towline), towline, ...args]),
  start: (args) => (isForDesktop(args) && startDesktop(args) ? undefined : startHeadless(args)),
};

const [name, ...args] = process.argv.slice(2);
if (!Object.hasOwn(commands, name ?? '')) {
  say(`usage: node build/bootstrap.mjs ${Object.keys(commands).join('|')} [ARGS...]`);
  process.exit(2);
}
bringDependenciesUpToDate();
const program = commands[name](args);
if (program !== undefined) handOver(join(bin, 'node'), program);

function bringDependenciesUpToDate() {
  if (changedAt(at('node_modules', '.package-lock.json')) < changedAt(at('package-lock.json'))) {
    say('installing dependencies (npm ci) …');
    runTool('npm', ['ci', '--loglevel=error']);
  }
  buildNativeCrypto(root, say);
}

/** The app in its windows; false, with a word why, where that can't be. */
function startDesktop(args) {
  let electron = findElectron(root);
  const hindrance = whyNoWindow(electron);
  if (hindrance === undefined && electron === undefined) {
    say('fetching Electron …');
    electron = fetchElectron(root);
  }
  if (electron === undefined || hindrance !== undefined) {
    const why = hindrance ?? 'Electron could not be fetched';
    say(`${why}: starting the engine alone, with the same pages in the browser`);
    return false;
  }
  bringUpToDate([page, ...desktop]);
  handOver(electron.path, [root, ...args]);
  return true;
}

function startHeadless(args) {
  bringUpToDate([command, page]);
  return [...nodeFlagsOf(towline), towline, 'up', ...(namesTarget(args) ? [] : demoOptions(args)), ...args];
}

function bringUpToDate(builds) {
  const stale = builds.filter(
    ({ made, from, config }) => changedAt(made) < newestChange([...from, config].map((path) => at(path))),
  );
  if (stale.length > 0) say('building …');
  for (const { config } of stale) runTool(join(bin, 'vite'), ['build', '--config', config, '--logLevel', 'warn']);
}

/** Runs a tool to its end. What it prints is shown only when it fails, on stderr, and ends this program. */
function runTool(tool, toolArgs) {
  const { status, error, stdout, stderr } = spawnSync(tool, toolArgs, {
    cwd: root,
    env: environment(),
    maxBuffer: 2 ** 26,
  });
  if (status === 0) return;
  process.stderr.write(`${stdout ?? ''}${stderr ?? ''}`);
  say(error ? `${tool} could not be run: ${error.message}` : `${tool} ${toolArgs[0]} failed`);
  process.exit(1);
}

/** Hands over to a program: same stdio and signals, its exit code is ours. */
function handOver(file, fileArgs) {
  const child = spawn(file, fileArgs, { stdio: 'inherit', env: environment() });
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  // A terminal sends these to every process in front; a second one from here would mean "stop now" to the program.
  const inTerminal = process.stdin.isTTY || process.stderr.isTTY;
  for (const signal of ['SIGINT', 'SIGHUP']) process.on(signal, () => inTerminal || child.kill(signal));
  child.once('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

function environment() {
  return existsSync(bin) ? { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` } : process.env;
}

/** What the app itself understands; everything else is for `towline up`. */
function isForDesktop(args) {
  return args.every((arg) => arg === '--demo' || arg === '--hidden' || arg.startsWith('towline:'));
}

/** `npm start -- --json --ui 8080` is still the demo; `npm start -- -i key ssh://me@host` is not. */
function namesTarget(upArgs) {
  return upArgs.some((arg, i) => !/^-|^\d+$/.test(arg) && !upOptionsWithValue.has(upArgs[i - 1]));
}

/** The demo shows its status page unless the user has said something about it. */
function demoOptions(upArgs) {
  return ['--demo', ...(upArgs.some((arg) => /^--(no-)?ui(=|$)/.test(arg)) ? [] : ['--ui'])];
}

function say(line) {
  process.stderr.write(`towline: ${line}\n`);
}
