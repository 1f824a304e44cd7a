import type { Disposable } from '../engine/base/disposables.ts';
import { FailureError } from '../shared/failure.ts';
import { columnLines } from './columns.ts';
import { durationText } from './duration.ts';
import { inParallel } from './in-parallel.ts';
import { withRunDesk, type RunDesk } from './run-desk.ts';
import { pumpInput } from './run-input.ts';
import { readWish, type RunOptions, type RunWish } from './run-options.ts';
import { codeOf, codeOfAll, interruption, runOnHost, type RunOutcome } from './run-outcome.ts';
import { jsonSink, prefixedSink, rawSink } from './run-sinks.ts';
import type { Shell } from './shell.ts';

/** What a shell says of a program whose reader has gone (128 + SIGPIPE). */
const brokenPipe = 141;

/** `towline run`: in the running engine, else in one made for it. On one host the exit code is the command's. */
export async function run(shell: Shell, words: readonly string[], options: RunOptions): Promise<number> {
  const wish = await readWish(words, options, shell.stdin);
  const json = options.json === true;
  const one = wish.selection.kind === 'one';
  try {
    return await withRunDesk(shell, wish.selection, options, (desk, signal) =>
      one ? runOnOne(shell, desk, wish, json, signal) : runOnAll(shell, desk, wish, json, signal),
    );
  } catch (error) {
    const failure = interruption(error);
    if (failure === undefined) throw error;
    return codeOf({ code: 0, failure });
  }
}

async function runOnOne(
  shell: Shell,
  desk: RunDesk,
  { task, given, request }: RunWish,
  json: boolean,
  stopped: AbortSignal,
): Promise<number> {
  const [hostId = ''] = desk.hostIds;
  const reader = new AbortController();
  const gone = (): void => reader.abort(new FailureError({ code: 'cancelled', message: 'Nobody reads its output.' }));
  shell.stdout.on('error', gone); // for good: what was written before may fail later
  const signal = AbortSignal.any([stopped, reader.signal]);
  let pump: Disposable | undefined;
  const outcome = await runOnHost({
    ...{ desk, signal, request: { ...request, hostId, task } },
    sink: json ? jsonSink(shell, hostId, given) : rawSink(shell, signal),
    onStarted: (input) => {
      if (request.stdin) pump = pumpInput(shell.stdin, input);
    },
  });
  void pump?.dispose();
  return reader.signal.aborted ? brokenPipe : codeOf(outcome);
}

async function runOnAll(
  shell: Shell,
  desk: RunDesk,
  { task, given, request, concurrency }: RunWish,
  json: boolean,
  signal: AbortSignal,
): Promise<number> {
  const width = Math.max(...desk.hostIds.map((id) => id.length));
  const outcomes = await inParallel(desk.hostIds, concurrency, (hostId) =>
    runOnHost({
      ...{ desk, signal, request: { ...request, hostId, task } },
      sink: json ? jsonSink(shell, hostId, given) : prefixedSink(shell, hostId, width),
    }),
  );
  if (!json) for (const line of ['', ...columnLines(outcomes.map(row))]) shell.stdout.write(`${line}\n`);
  return codeOfAll(outcomes);
}

function row({ hostId, code, durationMs, failure }: RunOutcome): string[] {
  if (failure !== undefined) return [hostId, 'failed', '', [failure.message, failure.hint ?? ''].join(' ').trim()];
  return [hostId, code === 0 ? 'done' : `exit ${code}`, durationText(durationMs)];
}
