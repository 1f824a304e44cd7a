import type { AppState } from '../shared/app-state.ts';
import { localPorts, trayIcon, traySummary, trayTooltip, type TrayIcon } from './tray-summary.ts';
import { trayMenu } from './tray-menu.ts';
import type { TrayItem } from './tray-menu-item.ts';

export interface TrayInput {
  readonly state: AppState;
  /** Undefined where this app can't be started at login. */
  readonly startAtLogin: boolean | undefined;
}

/** All that the tray shows. */
export interface TrayModel {
  readonly icon: TrayIcon;
  /** How many ports are open on localhost. */
  readonly count: number;
  /** Lines. */
  readonly tooltip: string;
  /** Beside the icon, where the platform has room for it: the count, or nothing. */
  readonly title: string;
  readonly menu: readonly TrayItem[];
}

/** The tray of this state. It does not depend on the time, so that it only changes when the state does. */
export function trayModel({ state, startAtLogin }: TrayInput): TrayModel {
  const count = localPorts(state);
  return {
    icon: trayIcon(state),
    count,
    tooltip: trayTooltip(state),
    title: count === 0 ? '' : String(count),
    menu: trayMenu(state, traySummary(state), startAtLogin),
  };
}
