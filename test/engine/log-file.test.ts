import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openLogFile, type LogFile } from '../../engine/log-file.ts';
import { TestClock } from '../support/test-clock.ts';

let directory: string;
let file: string;
let clock: TestClock;
let opened: LogFile;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tl-log-'));
  file = join(directory, 'logs', 'towline.log');
  clock = new TestClock();
});
afterEach(async () => {
  await opened.dispose();
  await rm(directory, { recursive: true });
});

function open(limits: { maxBytes?: number; maxFiles?: number } = {}): LogFile {
  opened = openLogFile({ file, level: 'info', clock, ...limits });
  return opened;
}

async function lines(): Promise<Record<string, unknown>[]> {
  const text = await readFile(file, 'utf8');
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

test('a line is JSON with level, time, sentence and fields, in a file of one’s own', async () => {
  open().log.child({ host: 'shop' }).info('forward listening', { port: 8080 });
  expect(await lines()).toEqual([
    { level: 'info', time: '2026-01-01T00:00:00.000Z', host: 'shop', port: 8080, msg: 'forward listening' },
  ]);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test('the level can be changed while it runs', async () => {
  const { log } = open();
  log.debug('quiet');
  opened.setLevel('debug');
  log.debug('spoken');
  opened.setLevel('error');
  log.warn('quiet again');
  expect((await lines()).map((line) => line['msg'])).toEqual(['spoken']);
});

test('what was written is counted, over rotations, and what was there before is not', async () => {
  await open().dispose();
  await writeFile(file, '{"msg":"from before"}\n');
  const { log } = open({ maxBytes: 500, maxFiles: 2 });
  expect(opened.written()).toBe(0);
  let bytes = 0;
  for (let number = 0; number < 20; number += 1) {
    log.info('spoken', { number });
    const last = (await lines()).at(-1);
    bytes += Buffer.byteLength(`${JSON.stringify(last)}\n`);
  }
  expect(opened.written()).toBe(bytes);
});

test('a line that repeats itself is counted', async () => {
  const { log } = open();
  for (let time = 0; time < 1000; time += 1) log.warn('no route', { host: 'shop' });
  log.info('ready');
  expect((await lines()).map(({ msg, repeated }) => [msg, repeated])).toEqual([
    ['no route', undefined],
    ['no route', 999],
    ['ready', undefined],
  ]);
});

test('one that repeats itself for ever is written once a minute', async () => {
  const { log } = open();
  for (let second = 0; second < 180; second += 1) {
    log.warn('no route');
    await clock.advance(1_000);
  }
  await opened.dispose();
  expect((await lines()).map(({ repeated }) => repeated)).toEqual([undefined, 59, undefined, 59, undefined, 59]);
});

test('files are of bounded size and number, and a line is never cut', async () => {
  const { log } = open({ maxBytes: 2_000, maxFiles: 3 });
  for (let number = 0; number < 200; number += 1) log.info('line', { number });
  const names = (await readdir(join(directory, 'logs'))).sort();
  expect(names).toEqual(['towline.log', 'towline.log.1', 'towline.log.2']);
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(directory, 'logs', name))).size));
  expect(Math.max(...sizes)).toBeLessThanOrEqual(2_000);
  expect((await lines()).at(-1)).toMatchObject({ number: 199 });
});

test('who listens hears each line as it stands in the file', async () => {
  const { log, onDidWrite } = open();
  log.info('before');
  const heard: string[] = [];
  const listening = onDidWrite((line) => void heard.push(line));
  log.info('asked', { passphrase: 'hunter22' });
  log.debug('quiet');
  log.info('said');
  await listening.dispose();
  log.info('after');
  expect(heard.join('')).toBe((await readFile(file, 'utf8')).split('\n').slice(1, 3).join('\n') + '\n');
  expect(heard.join('')).not.toContain('hunter22');
});

test('without a directory to write to there is a log that only listeners hear, and a reason', async () => {
  await writeFile(join(directory, 'logs'), '');
  const { log, problem, onDidWrite } = open();
  const heard: string[] = [];
  onDidWrite((line) => void heard.push(line));
  log.error('unwritten');
  expect(heard).toEqual([expect.stringContaining('unwritten')]);
  expect(opened.written()).toBe(0);
  expect(problem).toMatchObject({ code: 'log-unwritable', message: expect.stringContaining(file) as string });
});

const secret = fc.stringMatching(/^[A-Za-z0-9]{12,40}$/);

test.each<[string, (secret: string) => [string, Record<string, unknown>]]>([
  ['a field by its name', (text) => ['asked', { passphrase: text, options: { privateKey: text, authToken: [text] } }]],
  [
    'a private key',
    (text) => [`read -----BEGIN OPENSSH PRIVATE KEY-----\n${text}\n-----END OPENSSH PRIVATE KEY-----`, {}],
  ],
  ['a private key that was cut off', (text) => ['read', { head: `-----BEGIN RSA PRIVATE KEY-----\n${text}` }]],
  ['a password in a URL', (text) => ['dial', { url: `ssh://me:${text}@host:22/x` }]],
  ['a password on a command line', (text) => [`run --password=${text} --token "${text}"`.replace(' "', '="'), {}]],
  ['a bearer token', (text) => ['sent', { header: `Authorization: Bearer ${text}` }]],
  [
    'what an error says',
    (text) => ['failed', { error: new Error(`token=${text}`, { cause: new Error(`secret: ${text}`) }) }],
  ],
])('%s never reaches the file', async (_title, line) => {
  const { log } = open();
  await fc.assert(
    fc.asyncProperty(secret, async (text) => {
      const [message, fields] = line(text);
      log.info(message, fields);
      expect(await readFile(file, 'utf8')).not.toContain(text);
      await writeFile(file, '');
    }),
    { numRuns: 30 },
  );
});

test('what is no secret stays readable', async () => {
  const fields = { host: 'shop', bind: '127.0.0.1:8080', error: { code: 'ECONNRESET' }, bytes: 12n, tunnel: undefined };
  open().log.info('ssh://me@shop:22 is ready', fields);
  expect((await lines())[0]).toMatchObject({
    msg: 'ssh://me@shop:22 is ready',
    host: 'shop',
    bind: '127.0.0.1:8080',
    bytes: '12',
  });
});
