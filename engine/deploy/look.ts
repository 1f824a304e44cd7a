import type { DeployHistory, DeployOptions } from '../../shared/deploy.ts';
import type { DryRun } from '../../shared/deployment.ts';
import { FailureError } from '../../shared/failure.ts';
import type { Stack } from '../../shared/stack.ts';
import { archiveSize, archiveBytes, type ArchiveInput } from './archive.ts';
import { diffConfigs } from './config-diff.ts';
import { Conversation } from './conversation.ts';
import { newRelease } from './job.ts';
import { hashFiles } from './manifest.ts';
import { newRunId, parametersOf } from './parameters.ts';
import { previewFiles } from './preview.ts';
import { remoteFailure } from './refusal.ts';
import { remoteCommand } from '../base/remote-command.ts';
import { readProject } from './stack.ts';
import { Survey } from './survey.ts';
import type { DeployTools } from './tools.ts';

/** The releases that the host keeps, how the last run ended, and who is at it now. Nothing is written there. */
export async function historyOf(tools: DeployTools, stack: Stack, signal: AbortSignal): Promise<DeployHistory> {
  return (await look(tools, stack, signal)).survey.history;
}

/**
 * What a deployment would do. All that is written on the host is a directory of its own for the configuration's files, which goes at the
 * end. Throws what a deployment would be refused for. Nothing is masked; `env` are the variables that are filled in.
 */
export async function dryRunStack(
  tools: DeployTools,
  stack: Stack,
  options: DeployOptions,
  signal: AbortSignal,
): Promise<{ dry: DryRun; env: ReadonlyMap<string, string> }> {
  const project = await readProject(stack);
  const manifest = await hashFiles(stack.dir, project.files, signal, tools.hashes);
  const contents = previewFiles(project, manifest);
  const parameters = { files: project.composeFiles.join('\n') };
  const { survey, preview } = await look(tools, stack, signal, parameters, {
    ...{ dir: stack.dir, texts: [], contents, files: [] },
  });
  const { changes, size } = await newRelease(stack, project, Promise.resolve(manifest), options.noCache).ship(survey);
  const tried = survey.fact('dry-run') !== undefined;
  const dry = {
    changes: [...changes],
    uploadBytes: size,
    config: diffConfigs(preview.present.join('\n'), preview.planned.join('\n')),
    ...(tried ? { compose: preview.would } : {}),
    warnings: [...project.warnings],
  };
  return { dry, env: project.env };
}

/** What the host tells of a configuration: as it is, as it would be, and what Compose would do then; in lines. */
interface Preview {
  readonly present: string[];
  readonly planned: string[];
  readonly would: string[];
}

async function look(
  tools: DeployTools,
  stack: Stack,
  signal: AbortSignal,
  parameters: Readonly<Record<string, string>> = {},
  archive?: ArchiveInput,
): Promise<{ survey: Survey; preview: Preview }> {
  const survey = new Survey();
  const preview: Preview = { present: [], planned: [], would: [] };
  const session = await tools.openSession(remoteCommand, signal);
  const about = { ...parametersOf(stack, 'look', newRunId(tools.clock)), ...parameters };
  const conversation = new Conversation(session, about);
  const stop = (): void => conversation.close();
  signal.addEventListener('abort', stop, { once: true });
  let failure: FailureError | undefined;
  let ready = false;
  for await (const message of conversation.messages()) {
    if (message.kind === 'output') continue;
    const { word, text } = message;
    if (word === 'ready' && archive !== undefined) {
      const sent = conversation.send('preview', archiveBytes(archive), archiveSize(archive), () => undefined, signal);
      sent.catch(() => conversation.close()); // what is missing then says the rest
    } else if (word === 'ready' || word === 'previewed') {
      ready = true;
      conversation.say('end');
    } else if (word === 'refused' || word === 'failed') {
      const [code = '', ...detail] = text.split(' ');
      failure ??= new FailureError(remoteFailure(code, detail.join(' ')));
    } else if (word === 'present' || word === 'planned' || word === 'would') preview[word].push(text);
    else survey.take(word, text);
  }
  conversation.close();
  signal.removeEventListener('abort', stop);
  signal.throwIfAborted();
  if (failure !== undefined) throw failure;
  if (!ready)
    throw new FailureError({
      code: 'deploy-interrupted',
      message: 'The connection was lost before the host had answered.',
    });
  return { survey, preview };
}
