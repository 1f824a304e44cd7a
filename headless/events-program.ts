import { InvalidArgumentError, Option, type Command } from 'commander';
import { timelineKinds } from '../shared/timeline-kinds.ts';
import type { EventsOptions } from './events.ts';
import type { Shell } from './shell.ts';

/** `events` and `metrics`: what has happened, and how much of it. */
export function eventsCommands(program: Command, shell: Shell, choose: (run: () => Promise<number>) => void): void {
  program
    .command('events')
    .description('what has happened on the hosts: connections, Docker, forwards, deployments, questions, warnings')
    .option('-f, --follow', 'and what happens from now on')
    .option('--host <host>', 'of one host')
    .addOption(new Option('--kind <kind...>', 'of some kinds').choices(timelineKinds))
    .option('--tail <number>', 'the newest only', wholeNumber)
    .option('--json', 'one JSON line each')
    .action((options: EventsOptions) => choose(async () => (await import('./events.ts')).events(shell, options)));
  program
    .command('metrics')
    .description("what is measured, in Prometheus' text format")
    .action(() => choose(async () => (await import('./metrics.ts')).metrics(shell)));
}

function wholeNumber(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}
