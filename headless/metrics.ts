import { exitCode } from './exit.ts';
import { withRunning } from './running.ts';
import type { Shell } from './shell.ts';

/** `towline metrics`: what the running engine measures, in Prometheus' text format. */
export function metrics(shell: Shell): Promise<number> {
  return withRunning(shell, async (api) => {
    shell.stdout.write(await api.metrics.text());
    return exitCode.fine;
  });
}
