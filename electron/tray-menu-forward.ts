import type { ForwardView } from '../shared/forward.ts';
import { serviceHint } from '../shared/service-hint.ts';
import { forwardWord, isRemapped, localAddress } from '../shared/words.ts';
import type { TrayItem } from './tray-menu-item.ts';
import { commandLine, menuLine, showLine, textLine } from './tray-menu-line.ts';

/** A forward's line, `web :8080`, and behind it what can be done with it. */
export function forwardItem(hostId: string, forward: ForwardView, name: string): TrayItem {
  const id = `${hostId}/${forward.id}`;
  return menuLine(`forward:${id}`, forwardLabel(forward, name), [
    ...(forward.reason === undefined ? [] : [textLine(`reason:${id}`, forward.reason.message)]),
    ...(isOpen(forward) ? addressLines(id, forward) : []),
    ...switchLines(id, hostId, forward),
    showLine(`show:${id}`, 'Show in Towline', '#/forwards'),
  ]);
}

/** The shortest names that tell a host's forwards apart, by their ids: `web`, or `shop/web` where two projects have one. */
export function forwardNames(forwards: readonly ForwardView[]): Map<string, string> {
  const projects = new Map<string, Set<string>>();
  for (const forward of forwards) {
    const owners = projects.get(shortName(forward)) ?? new Set();
    projects.set(shortName(forward), owners.add(forward.project ?? ''));
  }
  return new Map(
    forwards.map((forward) => {
      const name = shortName(forward);
      const shared = (projects.get(name)?.size ?? 0) > 1 && forward.project !== undefined;
      return [forward.id, shared ? `${forward.project}/${name}` : name];
    }),
  );
}

function shortName({ service, container, id }: ForwardView): string {
  return service ?? container ?? id;
}

function forwardLabel(forward: ForwardView, name: string): string {
  const address = `${name} ${localAddress(forward).replace(/^localhost/, '')}`;
  if (isRemapped(forward)) return `${address} (was ${forward.requestedPort})`;
  return forward.state === 'listening' ? address : `${address}, ${forwardWord(forward).word}`;
}

/** Whether there is something on this machine that accepts clients. */
function isOpen({ state }: ForwardView): boolean {
  return state === 'listening' || state === 'lingering' || state === 'holding';
}

function addressLines(id: string, forward: ForwardView): TrayItem[] {
  const address = localAddress(forward);
  const hint = serviceHint(forward);
  return [
    ...(hint?.kind === 'page' ? [commandLine(`open:${id}`, 'Open', { kind: 'open-url', url: hint.url })] : []),
    commandLine(`copy:${id}`, 'Copy address', { kind: 'copy', text: address }),
    ...(hint?.kind === 'command'
      ? [commandLine(`copy-command:${id}`, `Copy ${hint.name} command`, { kind: 'copy', text: hint.command })]
      : []),
  ];
}

function switchLines(id: string, hostId: string, { id: forwardId, state }: ForwardView): TrayItem[] {
  if (state === 'unsupported') return [];
  return [
    state === 'paused'
      ? commandLine(`resume:${id}`, 'Resume', { kind: 'resume', hostId, forwardId })
      : commandLine(`pause:${id}`, 'Pause', { kind: 'pause', hostId, forwardId }),
  ];
}
