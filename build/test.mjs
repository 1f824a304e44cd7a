import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { missingForE2eSuite, missingForRealSuite, missingForUiSuite } from './requirements.mjs';

/**
 * `npm test`: every suite this machine can run, one after the other; a failure doesn't keep the later ones from running.
 * `--without NAME` leaves one out on purpose, which is no skip.
 */

const root = join(import.meta.dirname, '..');
const inCi = process.env.CI === 'true';
const { values: options } = parseArgs({ options: { without: { type: 'string', multiple: true, default: [] } } });

/** The files of the real suite that the system's ssh has to pass as well; the others speak to one transport alone or to none. */
const onBothTransports = [
  ...['publishing', 'lifecycle', 'outage', 'economy', 'docker-socket'],
  ...['rules', 'compose', 'churn', 'conflict', 'hostile', 'policy', 'trust'],
];

const suites = [
  { name: 'types', run: ['tsc -b'] },
  { name: 'lint', run: ['eslint . --max-warnings 0', 'prettier --check --log-level warn .'] },
  { name: 'arrows', run: ['depcruise --config .dependency-cruiser.cjs shared engine headless electron renderer'] },
  { name: 'unit', run: ['vitest run --project unit'] },
  { name: 'real', run: ['vitest run --project real'], missing: missingForRealSuite() },
  {
    name: 'real, openssh',
    run: [`vitest run --project real ${onBothTransports.map((name) => `test/real/${name}.test.ts`).join(' ')}`],
    env: { TOWLINE_TEST_TRANSPORT: 'openssh' },
    missing: missingForRealSuite(),
  },
  {
    name: 'ui',
    run: [
      'vite build --config build/vite.renderer.config.ts --logLevel warn',
      'playwright test --config test/ui/playwright.config.ts',
    ],
    missing: missingForUiSuite(),
  },
  {
    name: 'e2e',
    run: [
      ...['main', 'preload', 'renderer'].map((part) => `vite build --config build/vite.${part}.config.ts`),
      'node build/e2e.mjs',
    ],
    missing: missingForE2eSuite(root),
  },
];

for (const { name, missing } of suites)
  if (missing && !options.without.includes(name))
    say(`${name} will be skipped: ${missing.reason}. To run it: ${missing.remedy}`);

const results = [];
for (const suite of suites) results.push(await runSuite(suite));

say('');
for (const { name, outcome, seconds, note } of results) {
  say(
    [name.padEnd(13), outcome.padEnd(8), seconds === undefined ? '' : `${seconds.toFixed(1).padStart(6)} s`, note ?? '']
      .join(' ')
      .trimEnd(),
  );
}
const count = (outcome) => results.filter((result) => result.outcome === outcome).length;
const skipsFail = inCi && count('skipped') > 0;
if (skipsFail) say('With CI=true a skipped suite is a failure.');
say(`${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`);
process.exitCode = count('failed') > 0 || skipsFail ? 1 : 0;

async function runSuite({ name, run, env, missing }) {
  if (options.without.includes(name)) return { name, outcome: 'left out' };
  if (missing) return { name, outcome: 'skipped', note: `${missing.reason}; ${missing.remedy}` };
  say(`\n── ${name}`);
  const began = performance.now();
  let passed = true;
  for (const command of run) passed = (await succeeds(command, env)) && passed;
  return { name, outcome: passed ? 'passed' : 'failed', seconds: (performance.now() - began) / 1000 };
}

/** Runs one of the project's own tools; its output is its own. */
function succeeds(command, env) {
  const [tool, ...args] = command.split(' ');
  const path = join(root, 'node_modules', '.bin', tool);
  if (!existsSync(path)) throw new Error(`${path} is missing: run npm ci`);
  const child = spawn(path, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
  return new Promise((resolve) => child.once('close', (code) => resolve(code === 0)));
}

function say(line) {
  process.stdout.write(`${line}\n`);
}
