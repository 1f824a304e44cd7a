import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readIfThere, writeAtomically } from '../engine/atomic-file.ts';
import { FailureError } from '../shared/failure.ts';
import { autostartEntry, starts, startsAtLogin, withCommand } from './autostart-entry.ts';
import type { LoginItem, LoginItemState } from './login-item.ts';

export interface AutostartOptions {
  /** Ours in the user's autostart folder: `autostartFile`. */
  readonly file: string;
  readonly command: readonly string[];
  /** The name or the path of the app's icon. */
  readonly icon: string;
}

/** Where desktops on Linux look for what a user starts at login, by the XDG specifications. */
export function autostartFile(env: Readonly<Record<string, string | undefined>>, home: string): string {
  const given = env['XDG_CONFIG_HOME'];
  return join(given?.startsWith('/') === true ? given : join(home, '.config'), 'autostart', 'towline.desktop');
}

/** Start at login on Linux: one file, there while it is wanted. Rejects with `autostart-unwritable` or `autostart-impossible`. */
export function autostart({ file, command, icon }: AutostartOptions): LoginItem {
  const on: LoginItemState = { kind: 'on' };
  const off: LoginItemState = { kind: 'off' };
  const put = async (entry: string): Promise<LoginItemState> => {
    await changed(file, () => writeAtomically(file, entry));
    return on;
  };
  const set = async (wanted: boolean): Promise<LoginItemState> => {
    if (wanted) return put(autostartEntry(command, icon));
    await changed(file, () => rm(file, { force: true }));
    return off;
  };
  return {
    set,
    async refresh(wanted) {
      const before = await readIfThere(file);
      if (!wanted) return before !== undefined && starts(before, command) ? set(false) : off; // another copy of the app has its own
      if (before === undefined) return set(true);
      const after = withCommand(before, command);
      if (after !== before) await put(after);
      return startsAtLogin(after) ? on : off;
    },
  };
}

async function changed(file: string, change: () => Promise<void>): Promise<void> {
  try {
    await change();
  } catch (error) {
    throw new FailureError(
      {
        code: 'autostart-unwritable',
        message: `Start at login could not be set: ${(error as Error).message}.`,
        hint: `Make ${file} writable.`,
      },
      { cause: error },
    );
  }
}
