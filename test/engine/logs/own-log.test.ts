import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../../engine/base/clock.ts';
import { DisposableStore } from '../../../engine/base/disposables.ts';
import { readLogTail } from '../../../engine/diagnostics/log-tail.ts';
import { openLogFile, type LogFile } from '../../../engine/log-file.ts';
import { followOwnLog, type OwnLogOptions } from '../../../engine/logs/own-log.ts';
import { LogReader } from '../../support/log-reader.ts';

let directory: string;
let file: string;
let owned: DisposableStore;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tl-own-log-'));
  file = join(directory, 'logs', 'towline.log');
  owned = new DisposableStore();
});
afterEach(async () => {
  await owned.dispose();
  await rm(directory, { recursive: true });
});

function open(limits: { maxBytes?: number } = {}): LogFile {
  return owned.add(openLogFile({ file, level: 'info', clock: systemClock, ...limits }));
}

function follow(onDidWrite: LogFile['onDidWrite'] | undefined, options: Partial<OwnLogOptions> = {}): LogReader {
  const whole = { own: { tail, onDidWrite }, tail: 1_000, clock: systemClock, ...options };
  return owned.add(new LogReader((signal) => followOwnLog(whole, signal)));
}

const tail = (maxBytes: number): Promise<string[]> => readLogTail(file, maxBytes);
const numbered = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, i) => `info line number=${from + i}`);
const say = ({ log }: LogFile, from: number, to: number): void => {
  for (let number = from; number < to; number += 1) log.info('line', { number });
};

test('the newest lines are told, over the files that were put aside, then those that are written', async () => {
  const logFile = open({ maxBytes: 4_000 });
  say(logFile, 0, 100);
  const reader = follow(logFile.onDidWrite, { tail: 60 });
  await reader.until('what is there', ({ lines }) => lines.length >= 60);
  say(logFile, 100, 110);
  await reader.until('what came', ({ lines }) => lines.length >= 70);
  expect(reader.texts).toEqual(numbered(40, 110));
  expect(reader.notes).toEqual(['attached towline']);
});

test('what is written while the file is read is told once', async () => {
  const logFile = open();
  say(logFile, 0, 20);
  const events = followOwnLog(
    { own: { tail, onDidWrite: logFile.onDidWrite }, tail: 1_000, clock: systemClock },
    new AbortController().signal,
  );
  await events.next(); // attached: it listens
  say(logFile, 20, 40);
  const texts: string[] = [];
  while (texts.length < 40) {
    const { value } = await events.next();
    if (value.kind === 'lines') texts.push(...value.lines.map(({ text }) => text));
  }
  expect(texts).toEqual(numbered(0, 40));
  await events.return(undefined as never);
});

test('of what a reader leaves untaken the oldest lines go, and he is told how many', async () => {
  const logFile = open();
  const limits = { lines: 10, bytes: 1e6 };
  const events = followOwnLog(
    { own: { tail, onDidWrite: logFile.onDidWrite }, tail: 0, clock: systemClock, limits },
    new AbortController().signal,
  );
  await events.next();
  say(logFile, 0, 25);
  expect((await events.next()).value).toEqual({ kind: 'gap', lines: 15 });
  const { value } = await events.next();
  expect(value).toMatchObject({ kind: 'lines', lines: numbered(15, 25).map((text) => ({ text })) });
  await events.return(undefined as never);
});

test('where there is no file to write to, what is said is told all the same', async () => {
  await writeFile(join(directory, 'logs'), '');
  const logFile = open();
  expect(logFile.problem).toMatchObject({ code: 'log-unwritable' });
  const reader = follow(logFile.onDidWrite);
  await reader.until('that it listens', ({ notes }) => notes.length > 0);
  say(logFile, 0, 3);
  await reader.until('what came', ({ lines }) => lines.length >= 3);
  expect(reader.texts).toEqual(numbered(0, 3));
});

test('a log that nobody writes is what its file holds; a line of another hand has the time of the one before', async () => {
  const logFile = open();
  logFile.log.info('up');
  await logFile.dispose();
  await appendFile(file, 'Segmentation fault\n');
  const reader = follow(undefined);
  await reader.until('what is there', ({ lines }) => lines.length >= 2);
  expect(reader.texts).toEqual(['info up', 'Segmentation fault']);
  expect(reader.lines[1]?.at).toBe(reader.lines[0]?.at);
});

test('who has left is told nothing, and costs nothing', async () => {
  const logFile = open();
  const told: string[] = [];
  let listening = 0;
  const onDidWrite: LogFile['onDidWrite'] = (listener) => {
    listening += 1;
    const ours = logFile.onDidWrite((line) => {
      told.push(line);
      listener(line);
    });
    return {
      dispose() {
        listening -= 1;
        return ours.dispose();
      },
    };
  };
  const reader = follow(onDidWrite);
  await reader.until('that it listens', ({ notes }) => notes.length > 0);
  expect(listening).toBe(1);
  await reader.dispose();
  expect(listening).toBe(0);
  say(logFile, 0, 5);
  expect(told).toEqual([]);
});
