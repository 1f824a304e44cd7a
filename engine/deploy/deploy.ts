import type { DeployOptions, DeployProgress, DeployResult, GateReport } from '../../shared/deploy.ts';
import type { Stack } from '../../shared/stack.ts';
import { passGates, type GateKeeper } from './gates.ts';
import { newRelease, oldRelease } from './job.ts';
import { hashFiles } from './manifest.ts';
import { streamProgress } from './progress.ts';
import { Run } from './run.ts';
import { readProject } from './stack.ts';
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
      return newRelease(stack, project, hashFiles(stack.dir, project.files, live, tools.hashes), options.noCache);
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
