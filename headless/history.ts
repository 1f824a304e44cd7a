import type { DeployHistory } from '../shared/deploy.ts';
import { columnLines } from './columns.ts';
import { exitCode } from './exit.ts';
import { withStackDesk } from './stack-desk.ts';
import { printJson, type Shell } from './shell.ts';

/** `towline history`: the releases that the host keeps, newest first, as `rollback --to` takes them. */
export function history(shell: Shell, stack: string, options: { json?: boolean }): Promise<number> {
  return withStackDesk(shell, [stack], async (desk, signal) => {
    const found = await desk.history(stack, signal);
    if (options.json) printJson(shell, found);
    else for (const line of historyLines(found)) shell.stdout.write(`${line}\n`);
    return exitCode.fine;
  });
}

function historyLines({ releases, last, unfinished, lock }: DeployHistory): string[] {
  return [
    ...columnLines(releases.map(({ id, at, by, current }) => [id, moment(at), by, current ? 'runs now' : ''])),
    ...(releases.length === 0 ? ['Nothing has been deployed yet.'] : []),
    ...(last === undefined ? [] : [`The last run, ${last.id}, ended at ${moment(last.at)}: ${last.outcome}.`]),
    ...(unfinished ? ['A run ended halfway: the next deployment goes back to the release before it first.'] : []),
    ...(lock === undefined ? [] : [`${lock.by} has been at it since ${moment(lock.since)}.`]),
  ];
}

/** By the host's clock, in this machine's time zone. */
function moment(at: number): string {
  return new Date(at).toLocaleString('sv-SE');
}
