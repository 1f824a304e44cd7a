import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

/** Each becomes a test file of a small run of its own: what its one test does. */
const bodies = {
  server: `await new Promise((open) => net.createServer().listen(0, '127.0.0.1', open))`,
  interval: `setInterval(() => undefined, 1000)`,
  child: `child.spawn('cat', { stdio: ['pipe', 'ignore', 'ignore'] })`,
  late: `setTimeout(() => undefined, 200)`,
  unreferenced: `setInterval(() => undefined, 1000).unref()`,
  closed: `await new Promise((open) => { const server = net.createServer().listen(0, '127.0.0.1', () => server.close(open)) })`,
};

interface Report {
  testResults: { name: string; status: string; message: string }[];
}

let folder: string;
let outcome: (body: keyof typeof bodies) => { status: string; message: string } | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towline-leaks-'));
  for (const [name, body] of Object.entries(bodies)) {
    const imports = `import net from 'node:net'; import child from 'node:child_process';`;
    await writeFile(join(folder, `${name}.test.js`), `${imports} test('opens', async () => { ${body} });`);
  }
  const setup = JSON.stringify(join(root, 'test/support/leaks.ts'));
  await writeFile(
    join(folder, 'vitest.config.js'),
    `export default { test: { globals: true, maxWorkers: 1, setupFiles: [${setup}] } }`,
  );
  const report = await runVitest(folder);
  outcome = (name) => report.testResults.find((file) => file.name.endsWith(`/${name}.test.js`));
}, 60_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

test.each([
  ['server', 'Server'],
  ['interval', 'timer'],
  ['child', 'ChildProcess cat'],
] as const)('a file that leaves a %s open fails and says so', (body, words) => {
  expect(outcome(body)).toMatchObject({ status: 'failed', message: expect.stringContaining(words) as string });
});

test.each(['closed', 'late', 'unreferenced'] as const)(
  'what is gone soon or holds nothing up is no leak: %s',
  (body) => {
    expect(outcome(body)).toMatchObject({ status: 'passed' });
  },
);

async function runVitest(cwd: string): Promise<Report> {
  const output = join(cwd, 'report.json');
  const args = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--reporter=json', `--outputFile=${output}`];
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^VITEST|^NODE_ENV$|^TEST$/.test(name)),
  );
  await new Promise<void>((done) => execFile(process.execPath, args, { cwd, env }, () => done())); // some files fail: exit code 1
  return JSON.parse(await readFile(output, 'utf8')) as Report;
}
