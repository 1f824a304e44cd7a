import { systemClock } from '../engine/base/clock.ts';
import { silentLogger } from '../engine/base/logger.ts';
import { SettingsFile } from '../engine/settings-file.ts';
import { StateFile } from '../engine/state-file.ts';
import { FailureError } from '../shared/failure.ts';
import type { HostProfile } from '../shared/host.ts';
import type { Settings } from '../shared/settings.ts';
import type { OwnedEngine, Shell } from './shell.ts';
import { onStopSignal } from './stop-signals.ts';
import { terminalPrompter } from './terminal-prompter.ts';

/** An engine that runs nothing by itself, beside whichever may be running. */
export interface OwnEngine {
  readonly engine: OwnedEngine;
  readonly saved: readonly HostProfile[];
  /** Aborted by Ctrl-C and the like. */
  readonly signal: AbortSignal;
}

/**
 * For one command that needs an engine's means, in this process; the hosts are there once it is started. Rejects with
 * `interrupted` when a signal ended it.
 */
export async function withOwnEngine<T>(
  shell: Shell,
  use: (own: OwnEngine) => Promise<T>,
  hostsOf: (settings: Settings) => readonly HostProfile[] = () => [],
): Promise<T> {
  const { paths, env } = shell;
  const log = silentLogger;
  const clock = systemClock;
  const interrupted = new AbortController();
  const signals = onStopSignal(() =>
    interrupted.abort(new FailureError({ code: 'interrupted', message: 'Interrupted.' })),
  );
  const settings = await SettingsFile.open({ file: paths.settingsFile, clock, log });
  const stateFile = await StateFile.open({ file: paths.stateFile, clock, log });
  const engine = await shell.createEngine({
    ...{ settings, stateFile, log, clock, paths, env, mode: 'headless', withoutSaved: true },
    hosts: hostsOf(settings.settings).map((profile) => ({ profile })),
    ...terminalPrompter(shell, { onInterrupt: () => signals.interrupt() }),
  });
  try {
    const result = await use({ engine, saved: settings.settings.hosts, signal: interrupted.signal });
    interrupted.signal.throwIfAborted();
    return result;
  } finally {
    await engine.dispose();
    await stateFile.dispose();
    await settings.dispose();
    await signals.dispose();
  }
}
