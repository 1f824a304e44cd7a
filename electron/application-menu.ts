import type { MenuItemConstructorOptions } from 'electron';

/**
 * The app's own menu: on macOS the bar that every app has, elsewhere what makes the usual keys work. Nothing in it reloads
 * or zooms: those keys are the page's.
 */
export function applicationMenu(platform: NodeJS.Platform): MenuItemConstructorOptions[] {
  const edit: MenuItemConstructorOptions = { role: 'editMenu' };
  const window: MenuItemConstructorOptions = { role: 'windowMenu' };
  return platform === 'darwin' ? [{ role: 'appMenu' }, edit, window] : [{ role: 'fileMenu' }, edit, window];
}
