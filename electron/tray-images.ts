import { join } from 'node:path';
import type { TrayIcon } from './tray-summary.ts';

/**
 * The picture's file for a state: a template that macOS colours by itself; elsewhere dark on a light panel and the other
 * way round. Where the panel's colour is not known, that of the desktop's theme is taken for it.
 */
export function trayImage(folder: string, icon: TrayIcon, platform: NodeJS.Platform, dark: boolean): string {
  const form = platform === 'darwin' ? 'Template' : dark ? '-dark' : '-light';
  return join(folder, `tray-${icon}${form}.png`);
}
