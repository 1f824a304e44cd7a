import type { Command } from 'commander';
import type { DiagnosticsOptions } from './diagnostics.ts';
import type { Shell } from './shell.ts';

/** `diagnostics`: all that a person needs who is asked what is wrong. */
export function diagnosticsCommand(program: Command, shell: Shell, choose: (run: () => Promise<number>) => void): void {
  program
    .command('diagnostics')
    .description('one zip with versions, settings, state, timeline, log and what the doctor says; no secrets')
    .option('-o, --output <file>', 'where to write it; by default a name with the time, here')
    .option('--host <host>', 'let the doctor examine this host too, which costs one connection')
    .option('--force', 'replace the file if it is there')
    .action((options: DiagnosticsOptions) =>
      choose(async () => (await import('./diagnostics.ts')).diagnostics(shell, options)),
    );
}
