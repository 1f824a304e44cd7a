import { watch } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Clock } from '../engine/base/clock.ts';
import { DisposableStore, type Disposable } from '../engine/base/disposables.ts';
import type { Logger } from '../engine/base/logger.ts';

/** A new network is written down in several steps. */
const settleMs = 500;

export interface NetworkWatchOptions {
  /** Where the system writes down whom it asks for names: another network, other name servers. */
  readonly file: string;
  readonly onDidChange: () => void;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Notices that the machine has come to another network, without asking again and again; where it can't, it says so in the log. */
export async function watchNetwork({ file, onDidChange, clock, log }: NetworkWatchOptions): Promise<Disposable> {
  const owned = new DisposableStore();
  try {
    const real = await realpath(file);
    let settling: Disposable | undefined;
    const watcher = watch(dirname(real), { persistent: false }, (_event, name) => {
      if (name !== basename(real)) return;
      void settling?.dispose();
      settling = clock.after(settleMs, onDidChange, { background: true });
    });
    owned.defer(() => {
      watcher.close();
      void settling?.dispose();
    });
    watcher.on('error', (error) => log.warn('the network is not watched', { file, error }));
  } catch (error) {
    log.warn('the network is not watched', { file, error });
  }
  return owned;
}
