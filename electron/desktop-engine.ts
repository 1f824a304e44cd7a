import { systemClock } from '../engine/base/clock.ts';
import { DisposableStore, type Disposable } from '../engine/base/disposables.ts';
import type { Logger } from '../engine/base/logger.ts';
import { Engine } from '../engine/engine.ts';
import { acquireInstanceLock } from '../engine/instance-lock.ts';
import { openLogFile } from '../engine/log-file.ts';
import type { Paths } from '../engine/paths.ts';
import { openControlSocket } from '../engine/serve/control-socket.ts';
import { SettingsFile } from '../engine/settings-file.ts';
import { StateFile } from '../engine/state-file.ts';
import { FailureError, type Failure } from '../shared/failure.ts';

/** An engine in this process, with its log and its control socket: the same files and doors as the headless one's. */
export interface DesktopEngine extends Disposable {
  readonly engine: Engine;
  readonly settings: SettingsFile;
  readonly log: Logger;
  /** What is missing, though the engine works without it. */
  readonly problems: readonly Failure[];
}

export interface DesktopEngineOptions {
  readonly paths: Paths;
  /** The file of the `towline` command that comes with this app. */
  readonly commandFile: string;
  /** A client of the control socket asks for the end. */
  readonly onStopRequested: () => void;
}

/** Without these the engine still does its work; the user is told what is missing. */
const survivable = new Set([
  'state-dir-unwritable',
  'control-socket-unavailable',
  'control-socket-in-use',
  'socket-path-too-long',
]);

/** Opens what an engine needs, in order; the engine is not started yet. Rejects with `already-running`. */
export async function openDesktopEngine({
  paths,
  commandFile,
  onStopRequested,
}: DesktopEngineOptions): Promise<DesktopEngine> {
  const owned = new DisposableStore();
  const problems: Failure[] = [];
  const unlessMissing = async (open: () => Promise<Disposable>): Promise<void> => {
    try {
      owned.add(await open());
    } catch (error) {
      if (!(error instanceof FailureError) || !survivable.has(error.code)) throw error;
      problems.push(error.failure);
    }
  };
  try {
    const clock = systemClock;
    const mode = 'desktop';
    await unlessMissing(() => acquireInstanceLock(paths.lockFile, { mode, controlSocket: paths.controlSocket }));
    const logFile = owned.add(openLogFile({ file: paths.logFile, level: 'info', clock }));
    if (logFile.problem !== undefined) problems.push(logFile.problem);
    const { log } = logFile;
    const settings = owned.add(await SettingsFile.open({ file: paths.settingsFile, clock, log }));
    owned.add(settings.onDidChange(({ log: { level } }) => logFile.setLevel(level)));
    logFile.setLevel(settings.settings.log.level);
    const stateFile = owned.add(await StateFile.open({ file: paths.stateFile, clock, log }));
    const engine = owned.add(
      new Engine({
        ...{ settings, stateFile, log, clock, paths, mode, commandFile, onStopRequested },
        logBytes: () => logFile.written(),
        onDidLog: logFile.onDidWrite,
      }),
    );
    await unlessMissing(() => openControlSocket({ path: paths.controlSocket, commands: engine, log }));
    for (const { code, message } of problems) log.warn('something is missing', { code, message });
    return { engine, settings, log, problems, dispose: () => owned.dispose() };
  } catch (error) {
    await owned.dispose();
    throw error;
  }
}
