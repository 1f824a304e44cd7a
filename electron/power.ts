import type { EventEmitter } from 'node:events';
import type { PowerSaveBlocker } from 'electron';
import { DisposableStore, type Disposable } from '../engine/base/disposables.ts';
import type { Logger } from '../engine/base/logger.ts';
import type { EngineCommands } from '../engine/commands.ts';

type PowerEvent = 'suspend' | 'resume' | 'lock-screen' | 'unlock-screen';

export interface PowerOptions {
  /** Electron's `powerMonitor`. */
  readonly powerMonitor: Pick<EventEmitter, 'on' | 'off'>;
  readonly powerSaveBlocker: Pick<PowerSaveBlocker, 'start' | 'stop'>;
  readonly store: Pick<EngineCommands['store'], 'state' | 'onDidChange'>;
  /** The machine was away: nothing that seems connected is to be believed, nothing that waits to go on waiting. */
  readonly onReturn: (why: 'resume' | 'unlock-screen') => void;
  readonly log: Logger;
}

/** What the machine's sleep means for connections; and that the app is not put to sleep by itself while one is up. */
export function followPower({ powerMonitor, powerSaveBlocker, store, onReturn, log }: PowerOptions): Disposable {
  const owned = new DisposableStore();
  const events: Record<PowerEvent, () => void> = {
    suspend: () => undefined,
    resume: () => onReturn('resume'),
    'lock-screen': () => undefined,
    'unlock-screen': () => onReturn('unlock-screen'),
  };
  for (const [event, then] of Object.entries(events)) {
    const heard = (): void => {
      log.info('power', { event });
      then();
    };
    powerMonitor.on(event, heard);
    owned.defer(() => void powerMonitor.off(event, heard));
  }

  let blocker: number | undefined;
  const release = (): void => {
    if (blocker !== undefined) powerSaveBlocker.stop(blocker);
    blocker = undefined;
  };
  const look = (): void => {
    const connected = Object.values(store.state.hosts).some(({ state }) => state === 'ready');
    if (!connected) release();
    else blocker ??= powerSaveBlocker.start('prevent-app-suspension');
  };
  owned.defer(release);
  owned.add(store.onDidChange(look));
  look();
  return owned;
}
