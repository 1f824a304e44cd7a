import { deployOptionsSchema } from '../shared/deploy.ts';
import type { DeployEvent } from '../shared/deployment.ts';
import { FailureError } from '../shared/failure.ts';
import { columnLines } from './columns.ts';
import { deployReporter } from './deploy-screen.ts';
import { dryRunLines } from './deploy-text.ts';
import { durationText } from './duration.ts';
import { exitCode, exitCodeOf } from './exit.ts';
import { withStackDesk, type StackDesk } from './stack-desk.ts';
import type { Shell } from './shell.ts';

export interface DeployCommandOptions {
  readonly all?: boolean;
  readonly verifyOnly?: boolean;
  readonly dryRun?: boolean;
  readonly cache?: boolean;
  readonly keepGoing?: boolean;
  readonly json?: boolean;
}

/** `towline deploy`: in the running engine, else in one made for it. One that failed makes the exit code. */
export async function deploy(shell: Shell, names: readonly string[], options: DeployCommandOptions): Promise<number> {
  const chosen = chosenNames(names, options);
  return withStackDesk(shell, chosen, async (desk, signal) => {
    if (options.dryRun) return dryRun(shell, desk, chosen, options, signal);
    if (options.verifyOnly) return follow(shell, desk.verify(chosen, signal), options);
    const noCache = options.cache === false;
    const events = desk.deploy(
      {
        ...(chosen === undefined ? {} : { stacks: [...chosen] }),
        options: deployOptionsSchema.parse({ noCache }),
        onFailure: options.keepGoing ? 'continue' : 'stop',
      },
      signal,
    );
    return follow(shell, events, options);
  });
}

/** `towline rollback`: to the release before the current one, or to the one that `history` names. */
export function rollback(shell: Shell, stack: string, options: { to?: string; json?: boolean }): Promise<number> {
  const { to } = options;
  return withStackDesk(shell, [stack], (desk, signal) => {
    const request = { stack, options: deployOptionsSchema.parse({}), ...(to === undefined ? {} : { to }) };
    return follow(shell, desk.rollback(request, signal), options);
  });
}

function chosenNames(names: readonly string[], { all }: DeployCommandOptions): readonly string[] | undefined {
  if (all === true && names.length === 0) return undefined;
  if (all !== true && names.length > 0) return names;
  throw new FailureError({
    code: 'usage',
    message: all === true ? 'Either --all or the names of stacks.' : 'Which stack is to be deployed?',
    hint: 'Name one of `towline stacks list`, or all with --all.',
  });
}

type Ending = DeployEvent & { kind: 'result' | 'verified' | 'skipped' };

async function follow(
  shell: Shell,
  events: AsyncIterable<DeployEvent>,
  { json = false }: { json?: boolean },
): Promise<number> {
  const reporter = deployReporter(shell, json);
  const endings: Ending[] = [];
  try {
    for await (const event of events) {
      reporter.show(event);
      if (event.kind !== 'begun' && event.kind !== 'progress') endings.push(event);
    }
  } finally {
    await reporter.dispose();
  }
  if (endings.length > 1 && !json) {
    for (const line of ['', ...columnLines(endings.map(summaryRow))]) shell.stdout.write(`${line}\n`);
  }
  return Math.max(exitCode.fine, ...endings.map(codeOf));
}

function summaryRow(ending: Ending): string[] {
  const { stack } = ending;
  switch (ending.kind) {
    case 'result': {
      const { outcome, durationMs, failure } = ending.result;
      return [stack, outcome, durationText(durationMs), failure?.message ?? ''];
    }
    case 'verified':
      return [stack, ending.ok ? 'works' : 'does not work', '', ending.failure?.message ?? ''];
    case 'skipped':
      return [stack, 'left out', '', `${ending.because} failed`];
  }
}

function codeOf(ending: Ending): number {
  const failure =
    ending.kind === 'result' ? ending.result.failure : ending.kind === 'verified' ? ending.failure : undefined;
  if (failure !== undefined) return exitCodeOf(failure);
  const ok = ending.kind === 'result' ? ending.result.outcome === 'succeeded' : ending.kind === 'verified' && ending.ok;
  return ok ? exitCode.fine : exitCode.failed;
}

/** One after the other: each is a short session. */
async function dryRun(
  shell: Shell,
  desk: StackDesk,
  chosen: readonly string[] | undefined,
  { json = false }: DeployCommandOptions,
  signal: AbortSignal,
): Promise<number> {
  const names = chosen ?? desk.stacks.map((stack) => stack.name);
  if (names.length === 0) {
    const hint = 'Describe one: `towline stacks add NAME --host HOST --dir DIR`.';
    throw new FailureError({ code: 'no-stacks', message: 'There is no stack yet.', hint });
  }
  for (const name of names) {
    const dry = await desk.dryRun(name, signal);
    const lines = json
      ? [JSON.stringify({ event: 'dry-run', stack: name, ...dry })]
      : dryRunLines(name, dry, shell.paint);
    for (const line of lines) shell.stdout.write(`${line}\n`);
  }
  return exitCode.fine;
}
