import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { FailureError } from '../shared/failure.ts';
import { commandTaskSchema, type CommandRunRequest, type CommandTask } from '../shared/run.ts';
import type { HostOptions } from './profiles.ts';

export interface RunOptions extends HostOptions {
  readonly command?: readonly string[];
  readonly script?: string;
  readonly keepGoing?: boolean;
  readonly hosts?: string;
  readonly concurrency: string;
  readonly timeout?: string;
  readonly wait: string;
  readonly background?: boolean;
  readonly stdin: boolean;
  readonly json?: boolean;
}

/** Where and what, as the command line says it. */
export interface RunWish {
  readonly selection: HostSelection;
  readonly task: CommandTask;
  /** The commands as they were given: words, or a line for sh, or a script's name. */
  readonly given: readonly (string | readonly string[])[];
  readonly concurrency: number;
  readonly request: Omit<CommandRunRequest, 'hostId' | 'task'>;
}

/** One host or target by its name, or all whose names match one of the patterns. */
export type HostSelection = { kind: 'one'; name: string } | { kind: 'matching'; patterns: readonly string[] };

/** Reads the command line; rejects with `usage` where it says nothing that can be done. */
export async function readWish(
  words: readonly string[],
  options: RunOptions,
  stdin: NodeJS.ReadStream,
): Promise<RunWish> {
  const { selection, rest } = selectionOf(words, options);
  const task = checked(await taskOf(rest, options, stdin));
  const { timeout, wait, background, keepGoing, script } = options;
  return {
    selection,
    task,
    given: task.kind === 'script' ? [script ?? ''] : (options.command ?? [rest]),
    concurrency: count(options.concurrency),
    request: {
      persist: keepGoing === true,
      stdin: options.stdin && selection.kind === 'one' && script !== '-',
      priority: background ? 'background' : 'interactive',
      waitMs: durationOf(wait),
      ...(timeout === undefined ? {} : { timeoutMs: durationOf(timeout) }),
    },
  };
}

function selectionOf(words: readonly string[], { hosts }: RunOptions): { selection: HostSelection; rest: string[] } {
  if (hosts !== undefined) {
    const patterns = hosts.split(',').filter((pattern) => pattern !== '');
    return { selection: { kind: 'matching', patterns }, rest: [...words] };
  }
  const [name, ...rest] = words;
  if (name === undefined) throw usage('Which host is it to run on?', 'Name one: `towline run HOST -- COMMAND`.');
  return { selection: { kind: 'one', name }, rest };
}

async function taskOf(
  rest: readonly string[],
  { command, script }: RunOptions,
  stdin: NodeJS.ReadStream,
): Promise<CommandTask> {
  if (command !== undefined && (script !== undefined || rest.length > 0))
    throw usage('Give either -c, or --script, or a command after --.');
  if (script !== undefined) return { kind: 'script', text: await scriptText(script, stdin), args: [...rest] };
  const commands = command?.map((line) => ['sh', '-c', line]) ?? [[...rest]];
  if (commands[0]?.length === 0)
    throw usage(
      'What is to be run?',
      'Say it after --, as in `towline run HOST -- uname -a`; see `towline run --help`.',
    );
  return { kind: 'commands', commands };
}

async function scriptText(file: string, stdin: NodeJS.ReadStream): Promise<string> {
  try {
    const bytes = file === '-' ? await buffer(stdin) : await readFile(file);
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw usage(`The script ${file} can't be read: ${code === 'ENOENT' ? 'there is no such file' : message}.`);
  }
}

function checked(task: CommandTask): CommandTask {
  const { success, error } = commandTaskSchema.safeParse(task);
  if (success) return task;
  throw usage(`That can't be run: ${error.issues[0]?.message ?? 'it is malformed'}.`);
}

function count(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1) return number;
  throw usage(`${text} is no number of hosts.`);
}

const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;

/** `30`, `30s`, `1.5m`, `2h`, `500ms`: in ms. */
export function durationOf(text: string): number {
  const [, number, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text) ?? [];
  const ms = Math.round(Number(number) * units[unit as keyof typeof units]);
  if (number !== undefined && ms >= 1) return ms;
  throw usage(`${text} is no duration.`, 'Say it as 30s, 5m or 2h.');
}

function usage(message: string, hint?: string): FailureError {
  return new FailureError({ code: 'usage', message, ...(hint === undefined ? {} : { hint }) });
}
