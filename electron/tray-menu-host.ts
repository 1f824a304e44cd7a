import type { HostView } from '../shared/host.ts';
import { sortForwards } from '../shared/status.ts';
import { count } from '../shared/words.ts';
import { forwardItem, forwardNames } from './tray-menu-forward.ts';
import type { TrayItem } from './tray-menu-item.ts';
import { commandLine, menuLine, separator, showLine, textLine } from './tray-menu-line.ts';
import { hostSentence, isShown } from './tray-summary.ts';

export interface HostItemsOptions {
  /** How many forwards are shown. */
  readonly limit: number;
  /** It is the only host: its forwards stand in the menu itself, one level less deep. */
  readonly alone: boolean;
}

/** A host's line with its state in words; behind it what can be done with the host, and its forwards. */
export function hostItems(host: HostView, { limit, alone }: HostItemsOptions): TrayItem[] {
  const forwards = forwardItems(host, limit);
  const inside = alone || forwards.length === 0 ? [] : [...forwards, separator];
  return [
    menuLine(`host:${host.id}`, `${host.id}: ${hostSentence(host)}`, [
      ...reasonItems(host),
      ...inside,
      ...switchItems(host),
      showLine(`show:${host.id}`, showing(host), `#/hosts/${encodeURIComponent(host.id)}`),
    ]),
    ...(alone ? forwards : []),
  ];
}

function forwardItems(host: HostView, limit: number): TrayItem[] {
  const forwards = sortForwards(Object.values(host.forwards).filter(isShown));
  const names = forwardNames(forwards);
  const left = forwards.length - limit;
  return [
    ...forwards.slice(0, limit).map((forward) => forwardItem(host.id, forward, names.get(forward.id) ?? forward.id)),
    ...(left <= 0 ? [] : [showLine(`more:${host.id}`, `${count(left, 'more port')}…`, '#/forwards')]),
  ];
}

function reasonItems({ id, state, reason, docker }: HostView): TrayItem[] {
  const why = reason ?? docker.reason;
  return why === undefined || state === 'idle' ? [] : [textLine(`reason:${id}`, why.message), separator];
}

function switchItems({ id: hostId, state, paused }: HostView): TrayItem[] {
  if (state === 'idle') return [commandLine(`connect:${hostId}`, 'Connect', { kind: 'connect', hostId })];
  return [
    paused
      ? commandLine(`resume:${hostId}`, 'Resume its ports', { kind: 'resume', hostId })
      : commandLine(`pause:${hostId}`, 'Pause its ports', { kind: 'pause', hostId }),
    commandLine(`reconnect:${hostId}`, 'Reconnect now', { kind: 'reconnect', hostIds: [hostId] }),
    commandLine(`disconnect:${hostId}`, 'Disconnect', { kind: 'disconnect', hostId }),
  ];
}

function showing({ prompt }: HostView): string {
  return prompt === undefined ? 'Show in Towline' : 'Answer in Towline';
}
