import { resolve } from 'node:path';
import { FailureError } from '../shared/failure.ts';
import { remoteDirOf, stackSchema, type Stack } from '../shared/stack.ts';
import { withoutStack, withStack } from '../shared/stacks.ts';
import { parseCheckSpec } from './check-spec.ts';
import { columnLines } from './columns.ts';
import { exitCode } from './exit.ts';
import { withRunning } from './running.ts';
import { withSettings } from './saved-hosts.ts';
import { printJson, type Shell } from './shell.ts';

export interface StackOptions {
  readonly host: string;
  readonly dir: string;
  readonly file?: readonly string[];
  readonly remoteDir?: string;
  readonly project?: string;
  readonly after?: readonly string[];
  readonly check?: readonly string[];
  /** Durations in seconds, as they are typed. */
  readonly stable?: string;
  readonly timeout?: string;
  readonly pause?: string;
  readonly keep?: string;
}

/** `towline stacks add`: through the running engine, else in the settings file. */
export async function addStack(shell: Shell, name: string, options: StackOptions): Promise<number> {
  const stack = stackOf(name, options);
  await withRunning(
    shell,
    async (api) => {
      await api.stacks.add(stack);
    },
    () => changeStacks(shell, (stacks, hosts) => withStack(stacks, stack, hosts)),
  );
  shell.stdout.write(`${stack.name}\n`);
  return exitCode.fine;
}

/** `towline stacks remove`: what runs on the host stays. */
export async function removeStack(shell: Shell, name: string): Promise<number> {
  await withRunning(
    shell,
    async (api) => {
      await api.stacks.remove({ stack: name });
    },
    () => changeStacks(shell, (stacks) => withoutStack(stacks, name)),
  );
  return exitCode.fine;
}

/** `towline stacks list`: name, host, where it is here and there; as JSON all that is saved. */
export async function listStacks(shell: Shell, options: { json?: boolean }): Promise<number> {
  const stacks = await withRunning<readonly Stack[]>(
    shell,
    (api) => api.stacks.list(),
    () => withSettings(shell, (file) => Promise.resolve(file.settings.stacks)),
  );
  if (options.json) printJson(shell, stacks);
  else for (const line of columnLines(stacks.map(rowOf))) shell.stdout.write(`${line}\n`);
  return exitCode.fine;
}

function rowOf(stack: Stack): string[] {
  return [stack.name, stack.host, stack.dir, remoteDirOf(stack)];
}

/** A running engine has another working directory: the path is made absolute here. */
function stackOf(name: string, options: StackOptions): Stack {
  const { host, dir, file, remoteDir, project, after, check, stable, timeout, pause, keep } = options;
  const gates = {
    ...(stable === undefined ? {} : { stableMs: Number(stable) * 1_000 }),
    ...(timeout === undefined ? {} : { timeoutMs: Number(timeout) * 1_000 }),
  };
  const stack = stackSchema.safeParse({
    ...{ name, host, dir: resolve(dir) },
    ...(file === undefined ? {} : { files: [...file] }),
    ...(remoteDir === undefined ? {} : { remoteDir }),
    ...(project === undefined ? {} : { project }),
    ...(after === undefined ? {} : { after: [...after] }),
    ...(check === undefined ? {} : { checks: check.map(parseCheckSpec) }),
    ...(pause === undefined ? {} : { pauseMs: Number(pause) * 1_000 }),
    ...(keep === undefined ? {} : { keep: Number(keep) }),
    gates,
  });
  if (stack.success) return stack.data;
  const wrong = stack.error.issues.map((issue) => issue.path.join('.'));
  throw new FailureError({
    code: 'usage',
    message: wrong.includes('name')
      ? `${name} is not a name for a stack.`
      : `This can't be a stack: ${wrong.join(', ')}.`,
    hint: 'Names of stacks and projects have small letters, digits, dashes and underscores, those of stacks dots too.',
  });
}

function changeStacks(
  shell: Shell,
  change: (stacks: readonly Stack[], hostIds: readonly string[]) => Stack[],
): Promise<void> {
  return withSettings(shell, (file) =>
    file.update((settings) => {
      const hostIds = settings.hosts.map(({ id }) => id);
      return { ...settings, stacks: change(settings.stacks, hostIds) };
    }),
  );
}
