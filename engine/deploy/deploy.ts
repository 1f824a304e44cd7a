import type {
  DeployHistory,
  DeployOptions,
  DeployProgress,
  DeployResult,
  FileChange,
  GateReport,
} from '../../shared/deploy.ts';
import { FailureError } from '../../shared/failure.ts';
import type { Stack } from '../../shared/stack.ts';
import { Conversation } from './conversation.ts';
import { passGates, type GateKeeper } from './gates.ts';
import { newRelease, oldRelease } from './job.ts';
import { hashFiles } from './manifest.ts';
import { newRunId, parametersOf } from './parameters.ts';
import { streamProgress } from './progress.ts';
import { remoteFailure } from './refusal.ts';
import { remoteCommand } from './remote/program.ts';
import { Run } from './run.ts';
import { readProject } from './stack.ts';
import { Survey } from './survey.ts';
import type { DeployTools } from './tools.ts';

export type DeployStream = AsyncGenerator<DeployProgress, DeployResult>;

/** Ships what changed, brings it up, proves that it works, and puts the old release back if it doesn't. Never throws. */
export function deployStack(
  tools: DeployTools,
  stack: Stack,
  options: DeployOptions,
  signal: AbortSignal,
): DeployStream {
  return streamProgress((report, live) => {
    const run = new Run(tools, stack, options, report, live);
    return run.perform(async () => {
      const project = await readProject(stack);
      for (const message of project.warnings) report({ kind: 'warning', code: 'project', message });
      return newRelease(stack, project, await hashFiles(stack.dir, project.files, live), options.noCache);
    });
  }, signal);
}

/** Goes back to the release `to`, or to the one before the current, with its files and images, and proves that it works. */
export function rollbackStack(
  tools: DeployTools,
  stack: Stack,
  to: string | undefined,
  options: DeployOptions,
  signal: AbortSignal,
): DeployStream {
  return streamProgress((report, live) => {
    const run = new Run(tools, stack, options, report, live);
    return run.perform(() => Promise.resolve(oldRelease(stack, to)));
  }, signal);
}

/** The gates of a stack that runs, without deploying and without any session; true if all hold. */
export function verifyStack(
  tools: GateKeeper,
  stack: Stack,
  report: (gate: GateReport) => void,
  signal: AbortSignal,
): Promise<boolean> {
  return passGates(stack, tools, report, signal);
}

/** What a deployment would do; nothing is written on the host. Throws what a deployment would be refused for. */
export async function dryRunStack(
  tools: DeployTools,
  stack: Stack,
  options: DeployOptions,
  signal: AbortSignal,
): Promise<{ changes: readonly FileChange[]; uploadBytes: number; warnings: readonly string[] }> {
  const project = await readProject(stack);
  const manifest = await hashFiles(stack.dir, project.files, signal);
  const survey = await look(tools, stack, signal);
  const { changes, size } = newRelease(stack, project, manifest, options.noCache).ship(survey);
  return { changes, uploadBytes: size, warnings: project.warnings };
}

/** The releases that the host keeps, how the last run ended, and who is at it now. Nothing is written there. */
export async function historyOf(tools: DeployTools, stack: Stack, signal: AbortSignal): Promise<DeployHistory> {
  return (await look(tools, stack, signal)).history;
}

async function look(tools: DeployTools, stack: Stack, signal: AbortSignal): Promise<Survey> {
  const survey = new Survey();
  const session = await tools.openSession(remoteCommand, signal);
  const conversation = new Conversation(session, parametersOf(stack, 'look', newRunId(tools.clock)));
  const stop = (): void => conversation.close();
  signal.addEventListener('abort', stop, { once: true });
  let refused: FailureError | undefined;
  let ready = false;
  for await (const message of conversation.messages()) {
    if (message.kind === 'output') continue;
    const { word, text } = message;
    if (word === 'ready') {
      ready = true;
      conversation.say('end');
    } else if (word === 'refused') {
      const [code = '', ...detail] = text.split(' ');
      refused = new FailureError(remoteFailure(code, detail.join(' ')));
    } else survey.take(word, text);
  }
  conversation.close();
  signal.removeEventListener('abort', stop);
  signal.throwIfAborted();
  if (refused !== undefined) throw refused;
  if (!ready)
    throw new FailureError({
      code: 'deploy-interrupted',
      message: 'The connection was lost before the host had answered.',
    });
  return survey;
}
