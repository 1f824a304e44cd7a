import type { AppState } from '../shared/app-state.ts';
import { count } from '../shared/words.ts';
import { deployItems } from './tray-menu-deploy.ts';
import { hostItems } from './tray-menu-host.ts';
import type { TrayItem } from './tray-menu-item.ts';
import { commandLine, separator, showLine, textLine } from './tray-menu-line.ts';
import { sortedHosts } from './tray-summary.ts';

/** What a native menu can carry and a person read: hosts, and forwards over all of them and of each. */
const most = { hosts: 200, forwards: 400, forwardsOfHost: 20 };

/** The menu: the state in words, a line per host, then what is done with all of them, then the app itself. */
export function trayMenu(state: AppState, summary: string, startAtLogin: boolean | undefined): TrayItem[] {
  const groups = [
    [textLine('summary', summary)],
    hostLines(state),
    [...deployItems(state), ...allLines(state)],
    [
      commandLine('logs', 'Logs', { kind: 'show-logs' }),
      showLine('open', 'Open Towline', '#/forwards'),
      ...loginLines(startAtLogin),
    ],
    [commandLine('quit', 'Quit Towline', { kind: 'quit' })],
  ];
  return groups
    .filter((group) => group.length > 0)
    .flatMap((group, index) => (index === 0 ? group : [separator, ...group]));
}

function hostLines(state: AppState): TrayItem[] {
  const hosts = sortedHosts(state);
  if (hosts.length === 0) return [showLine('add-host', 'Add a host…', '#/hosts')];
  const shown = hosts.slice(0, most.hosts);
  const limit = Math.min(most.forwardsOfHost, Math.floor(most.forwards / shown.length));
  const left = hosts.length - shown.length;
  return [
    ...shown.flatMap((host) => hostItems(host, { limit, alone: hosts.length === 1 })),
    ...(left === 0 ? [] : [showLine('more-hosts', `${count(left, 'more host')}…`, '#/forwards')]),
  ];
}

/** For all hosts at once. What there is nothing to do for is shown, but can't be clicked. */
function allLines(state: AppState): TrayItem[] {
  const hosts = sortedHosts(state);
  if (hosts.length === 0) return [];
  const waiting = hosts.filter(({ state: is }) => is === 'reconnecting' || is === 'failed').map(({ id }) => id);
  const canResume = hosts.some(
    ({ paused, forwards }) => paused || Object.values(forwards).some(({ state: is }) => is === 'paused'),
  );
  return [
    commandLine(
      'pause-all',
      'Pause all',
      { kind: 'pause' },
      hosts.some(({ paused }) => !paused),
    ),
    commandLine('resume-all', 'Resume all', { kind: 'resume' }, canResume),
    commandLine('reconnect', 'Reconnect now', { kind: 'reconnect', hostIds: waiting }, waiting.length > 0),
  ];
}

function loginLines(on: boolean | undefined): TrayItem[] {
  if (on === undefined) return [];
  const action = { kind: 'start-at-login', on: !on } as const;
  return [{ kind: 'switch', id: 'start-at-login', label: 'Start at login', on, action }];
}
