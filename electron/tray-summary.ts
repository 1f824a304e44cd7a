import type { AppState } from '../shared/app-state.ts';
import type { ForwardView } from '../shared/forward.ts';
import type { HostView } from '../shared/host.ts';
import { count, hostStateWord } from '../shared/words.ts';

/** The pictures, the worst first: the tray shows the worst of its hosts. */
const icons = ['needs-you', 'error', 'degraded', 'connecting', 'on', 'off'] as const;
export type TrayIcon = (typeof icons)[number];

/** How many hosts a tooltip speaks of. */
const tooltipHosts = 4;

/** What a rule or a label leaves out is not a forward to a person. */
export function isShown({ state }: ForwardView): boolean {
  return state !== 'ignored';
}

export function sortedHosts({ hosts }: AppState): HostView[] {
  return Object.values(hosts).sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Ports that accept clients on this machine, also while these have to wait. */
export function openPorts({ forwards }: HostView): number {
  return Object.values(forwards).filter(
    ({ state }) => state === 'listening' || state === 'lingering' || state === 'holding',
  ).length;
}

export function localPorts(state: AppState): number {
  return Object.values(state.hosts).reduce((sum, host) => sum + openPorts(host), 0);
}

/** A host's part in the picture. A port that can't be had makes it degraded: it works, but not wholly. */
export function hostIcon(host: HostView): TrayIcon {
  const { look } = hostStateWord(host);
  if (look === 'on') return missingPorts(host) === 0 ? 'on' : 'degraded';
  return icons.find((icon) => icon === look) ?? 'off';
}

/** Hosts that are off, off by choice, don't count beside others. */
export function trayIcon(state: AppState): TrayIcon {
  if (state.questions !== undefined && state.questions.length > 0) return 'needs-you';
  const all = new Set(Object.values(state.hosts).map(hostIcon));
  return icons.find((icon) => all.has(icon)) ?? 'off';
}

/** What a host is doing: "Connected, 6 ports", "Passphrase needed". */
export function hostSentence(host: HostView): string {
  const { look, word } = hostStateWord(host);
  if (look !== 'on') return word;
  if (host.paused) return 'Connected, paused';
  const ports = openPorts(host);
  const missing = missingPorts(host);
  return [
    word,
    ports === 0 ? 'no ports' : count(ports, 'port'),
    ...(missing === 0 ? [] : [`${missing} not open`]),
  ].join(', ');
}

/** The tray's state as one line: that of the worst host, or how many ports there are. It is the menu's first, for desktops that don't repaint the picture. */
export function traySummary(state: AppState): string {
  const icon = trayIcon(state);
  const [first, ...more] = sortedHosts(state).filter((host) => hostIcon(host) === icon);
  if (icon === 'needs-you' && first === undefined) return 'Needs you: a host test asks';
  if (first === undefined) return 'No hosts yet';
  if (icon === 'off') return 'Not connected';
  if (icon === 'on') return portsSentence(state);
  return `${icon === 'needs-you' ? 'Needs you: ' : ''}${first.id}: ${hostSentence(first)}${more.length === 0 ? '' : `, and ${more.length} more`}`;
}

/** The name and the count, then a line per host that is not as it should be. */
export function trayTooltip(state: AppState): string {
  const troubled = sortedHosts(state).filter((host) => !['on', 'off'].includes(hostIcon(host)));
  const worstFirst = troubled.sort((a, b) => icons.indexOf(hostIcon(a)) - icons.indexOf(hostIcon(b)));
  const lines = worstFirst.slice(0, tooltipHosts).map((host) => `${host.id}: ${hostSentence(host)}`);
  const left = troubled.length - lines.length;
  const calm = troubled.length === 0 ? traySummary(state) : portsSentence(state);
  return [`Towline: ${calm}`, ...lines, ...(left === 0 ? [] : [`and ${count(left, 'host')} more`])].join('\n');
}

function portsSentence(state: AppState): string {
  const ports = localPorts(state);
  if (ports > 0) return `${count(ports, 'port')} on localhost`;
  const hosts = Object.values(state.hosts);
  return hosts.length > 0 && hosts.every(({ paused }) => paused) ? 'All paused' : 'No ports on localhost';
}

function missingPorts({ forwards }: HostView): number {
  return Object.values(forwards).filter(({ state }) => state === 'conflict' || state === 'refused').length;
}
