import type { DeployProgress } from '../../shared/deploy.ts';

export type Report = (progress: DeployProgress) => void;

/**
 * What a run reports, as a stream; its result is the stream's return value. Who stops listening cancels the run and
 * waits for it. Counts of bytes that nobody has taken yet give way to newer ones, so a slow reader costs no memory.
 */
export async function* streamProgress<R>(
  run: (report: Report, signal: AbortSignal) => Promise<R>,
  signal: AbortSignal,
): AsyncGenerator<DeployProgress, R> {
  const pending: DeployProgress[] = [];
  const left = new AbortController();
  let wake: () => void = () => undefined;
  let over = false;
  const report: Report = (progress) => {
    if (progress.kind === 'bytes' && pending.at(-1)?.kind === 'bytes') pending.pop();
    pending.push(progress);
    wake();
  };
  const result = run(report, AbortSignal.any([signal, left.signal])).finally(() => {
    over = true;
    wake();
  });
  try {
    while (!over || pending.length > 0) {
      const progress = pending.shift();
      if (progress !== undefined) yield progress;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
    return await result;
  } finally {
    left.abort(new Error('nobody listens any more'));
    await result.catch(() => undefined); // whoever awaits the stream has it
  }
}
