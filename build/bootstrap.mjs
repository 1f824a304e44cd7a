import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import process from 'node:process';
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
const builds = [
  { made: towline, from: ['shared', 'engine', 'headless', 'package.json'], config: 'build/vite.headless.config.ts' },
  {
    made: at('dist', 'renderer', 'index.html'),
    from: ['shared', 'renderer', 'package.json'],
    config: 'build/vite.renderer.config.ts',
  },
];
const upOptionsWithValue = new Set(['-i', '-F', '--known-hosts', '--docker-socket']);

const commands = {
  test: (args) => [at('build', 'test.mjs'), ...args],
  bench: (args) => (bringBuildUpToDate(), [at('bench', 'main.ts'), ...args]),
  build: () => (bringBuildUpToDate(), undefined),
  towline: (args) => (bringBuildUpToDate(), [...nodeFlagsOf(towline), towline, ...args]),
  start: (args) => (
    bringBuildUpToDate(),
    [...nodeFlagsOf(towline), towline, 'up', ...(namesTarget(args) ? [] : demoOptions(args)), ...args]
  ),
};

const [name, ...args] = process.argv.slice(2);
if (!Object.hasOwn(commands, name ?? '')) {
  say(`usage: node build/bootstrap.mjs ${Object.keys(commands).join('|')} [ARGS...]`);
  process.exit(2);
}
bringDependenciesUpToDate();
const program = commands[name](args);
if (program !== undefined) runWithProjectNode(program);

function bringDependenciesUpToDate() {
  if (changedAt(at('node_modules', '.package-lock.json')) < changedAt(at('package-lock.json'))) {
    say('installing dependencies (npm ci) …');
    runTool('npm', ['ci', '--loglevel=error']);
  }
  buildNativeCrypto(root, say);
}

function bringBuildUpToDate() {
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

/** Hands over to the project's own Node: same stdio and signals, its exit code is ours. */
function runWithProjectNode(nodeArgs) {
  const child = spawn(join(bin, 'node'), nodeArgs, { stdio: 'inherit', env: environment() });
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  // A terminal sends these to every process in front; a second one from here would mean "stop now" to the program.
  const inTerminal = process.stdin.isTTY || process.stderr.isTTY;
  for (const signal of ['SIGINT', 'SIGHUP']) process.on(signal, () => inTerminal || child.kill(signal));
  child.once('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

function environment() {
  return existsSync(bin) ? { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` } : process.env;
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
