import type { Alert } from '../shared/alert.ts';
import type { AppState } from '../shared/app-state.ts';
import type { ForwardView } from '../shared/forward.ts';
import type { HostView } from '../shared/host.ts';
import type { StackView } from '../shared/stack-view.ts';
import { count, hostStateWord, isRemapped, localAddress } from '../shared/words.ts';
import type { LineMemory } from './notification-lines.ts';

export type NoticeKind =
  'port-remapped' | 'port-conflict' | 'needs-you' | 'lost' | 'restored' | 'deployed' | 'deploy-failed' | 'warning';

/** Something that a person may want to hear of, in the words for when it is alone and, `short`, for a list of its kind. */
export interface Occasion {
  readonly kind: NoticeKind;
  /** The same as long as it is the same occasion. */
  readonly key: string;
  readonly title: string;
  readonly body: string;
  readonly short: string;
  /** Where the window shows it. */
  readonly route: string;
}

/** All that is worth telling in this state, whether it was told or not. */
export function occasionsOf(state: AppState, lines: LineMemory): Occasion[] {
  const hosts = Object.values(state.hosts);
  const several = hosts.length > 1;
  return [
    ...hosts.flatMap((host) => [...portOccasions(host, several), ...needsYou(host), ...lineOccasions(host, lines)]),
    ...Object.values(state.stacks).flatMap(deployment),
    ...Object.values(state.alerts ?? {}).map(warning),
  ];
}

function portOccasions(host: HostView, several: boolean): Occasion[] {
  const where = several ? ` (${host.id})` : '';
  return Object.values(host.forwards).flatMap((forward): Occasion[] => {
    const { requestedPort: wanted, reason, id } = forward;
    const name = forward.service ?? forward.container ?? id;
    const kind = occasionKind(forward);
    if (kind === undefined) return [];
    const told =
      kind === 'port-remapped'
        ? { title: `${name} is on ${localAddress(forward)}`, short: `${name} ${forward.local.port}, not ${wanted}` }
        : { title: `${name} can't have port ${wanted}`, short: `${name} ${wanted}` };
    return [
      {
        ...{ kind, key: `${kind} ${host.id} ${id} ${forward.local.port}`, route: '#/forwards' },
        ...{ title: `${told.title}${where}`, short: told.short, body: reason?.message ?? `${wanted} was taken here.` },
      },
    ];
  });
}

function occasionKind(forward: ForwardView): 'port-remapped' | 'port-conflict' | undefined {
  if (isRemapped(forward)) return 'port-remapped';
  return forward.state === 'conflict' ? 'port-conflict' : undefined;
}

/** A host that waits for an answer, or has given up: neither heals by waiting. */
function needsYou(host: HostView): Occasion[] {
  const { id, state, prompt, reason } = host;
  if (state !== 'needs-user' && state !== 'failed' && prompt === undefined) return [];
  const title = `${id}: ${hostStateWord(host).word}`;
  const body = prompt === undefined && reason !== undefined ? reason.message : 'Towline waits for your answer.';
  return [{ kind: 'needs-you', key: `needs-you ${id}`, title, body, short: title, route: hostRoute(id) }];
}

function lineOccasions(host: HostView, lines: LineMemory): Occasion[] {
  const { id, reason } = host;
  const line = lines[id];
  if (line?.kind === 'lost') {
    const body = reason?.message ?? 'Its ports wait, and are back with the connection.';
    const title = `${id} is not reachable`;
    return [{ kind: 'lost', key: lostKey(id, line.since), title, body, short: id, route: hostRoute(id) }];
  }
  if (line?.lostAt === undefined) return [];
  const ports = Object.values(host.forwards).filter(({ state }) => state === 'listening').length;
  const body = ports === 0 ? 'Connected again.' : `${count(ports, 'port')} on localhost again.`;
  return [
    {
      kind: 'restored',
      key: `restored ${id} ${line.lostAt}`,
      title: `${id} is back`,
      body,
      short: id,
      route: hostRoute(id),
    },
  ];
}

export function lostKey(hostId: string, since: number): string {
  return `lost ${hostId} ${since}`;
}

const releaseWords = {
  new: '',
  old: 'The release before runs.',
  none: 'Nothing ran before.',
  unknown: 'What runs now is not known.',
} as const;

function deployment({ name, hostId, lastDeployment: last }: StackView): Occasion[] {
  if (last === undefined || last.outcome === 'cancelled') return [];
  const key = `deployment ${name} ${last.id} ${last.at}`;
  const route = `#/stacks/${encodeURIComponent(name)}`;
  if (last.outcome === 'succeeded') {
    const title = last.action === 'deploy' ? `${name} is deployed` : `${name} went back`;
    return [{ kind: 'deployed', key, title, body: `It runs on ${hostId}.`, short: name, route }];
  }
  const title = `${name} was not ${last.action === 'deploy' ? 'deployed' : 'rolled back'}`;
  const body = [last.failure?.message, releaseWords[last.release]].filter(Boolean).join(' ');
  return [{ kind: 'deploy-failed', key, title, body, short: name, route }];
}

function warning({ id, announcedAt, message, hint, hostId }: Alert): Occasion {
  const route = hostId === undefined ? '#/forwards' : hostRoute(hostId);
  return { kind: 'warning', key: `warning ${id} ${announcedAt}`, title: message, body: hint, short: message, route };
}

function hostRoute(hostId: string): string {
  return `#/hosts/${encodeURIComponent(hostId)}`;
}
