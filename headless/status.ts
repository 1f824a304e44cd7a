import { systemClock } from '../engine/base/clock.ts';
import type { ContractClient } from '../engine/serve/control-client.ts';
import type { AppState } from '../shared/app-state.ts';
import { applyPatches } from '../shared/patch.ts';
import { statusDocument } from '../shared/status.ts';
import { exitCode } from './exit.ts';
import { LiveTable } from './live-table.ts';
import { withRunning } from './running.ts';
import { printJson, type Shell } from './shell.ts';
import { poolLines } from './status-pools.ts';
import { tableLines } from './table.ts';

/** `towline status`: the running engine's state once, or until it stops or the user does. */
export function status(shell: Shell, options: { json?: boolean; watch?: boolean }): Promise<number> {
  return withRunning(shell, async (api) => {
    if (options.watch) return watch(shell, api, options.json === true);
    const state = await api.state.get();
    if (options.json) printJson(shell, statusDocument(state, systemClock.now()));
    else printTable(shell, state);
    return exitCode.fine;
  });
}

async function watch(shell: Shell, api: ContractClient, json: boolean): Promise<number> {
  const table = !json && shell.stdout.isTTY ? new LiveTable(shell) : undefined;
  try {
    let state: AppState | undefined;
    for await (const push of await api.state.watch()) {
      if (push.kind === 'snapshot') state = push.state;
      else if (state !== undefined) state = applyPatches(state, push.patches);
      if (state === undefined) continue;
      if (json) shell.stdout.write(`${JSON.stringify(statusDocument(state, systemClock.now()))}\n`);
      else if (table === undefined) printTable(shell, state);
      else table.show(state);
    }
    return exitCode.fine;
  } finally {
    await table?.dispose();
  }
}

function printTable(shell: Shell, state: AppState): void {
  const width = shell.stdout.columns || 160;
  const options = { paint: shell.paint, width, height: Infinity, now: systemClock.now() };
  const lines = [...tableLines(state, options), ...poolLines(state, options)];
  shell.stdout.write(`${lines.join('\n')}\n`);
}
