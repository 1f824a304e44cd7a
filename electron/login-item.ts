import type { Failure } from '../shared/failure.ts';

/** Whether the app starts at login, by the system's word. `needs-user`: the system wants to be told so by the user himself. */
export type LoginItemState =
  { readonly kind: 'on' } | { readonly kind: 'off' } | { readonly kind: 'needs-user'; readonly failure: Failure };

/** The system's list of what starts at login, as far as it concerns this app. */
export interface LoginItem {
  /** Puts the app on the list, or takes it off, on the user's word. */
  set(on: boolean): Promise<LoginItemState>;
  /**
   * Brings the list up to date at the app's start: with the app's present path, or without it. What the user has switched off in the
   * system's own settings stays off.
   */
  refresh(wanted: boolean): Promise<LoginItemState>;
}

export interface Program {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly execPath: string;
  /** Where the app's own code lies; Electron must be told when the app runs from a checkout. */
  readonly appPath: string;
  readonly isPackaged: boolean;
}

/** The command that starts this very app, hidden. An AppImage is mounted anew at each start: only its file's path lasts. */
export function loginCommand({ env, execPath, appPath, isPackaged }: Program): string[] {
  if (!isPackaged) return [execPath, appPath, '--hidden'];
  const { APPIMAGE: image, APPDIR: mount } = env;
  // A terminal inside another AppImage hands its variables down: they are ours only if we run from that mount.
  const isOurs = image?.startsWith('/') === true && mount !== undefined && execPath.startsWith(`${mount}/`);
  return [isOurs ? image : execPath, '--hidden'];
}
