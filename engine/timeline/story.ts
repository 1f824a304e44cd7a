import type { Alert } from '../../shared/alert.ts';
import type { AppState } from '../../shared/app-state.ts';
import type { Failure } from '../../shared/failure.ts';
import type { ForwardView } from '../../shared/forward.ts';
import type { HostView } from '../../shared/host.ts';
import type { StackView } from '../../shared/stack-view.ts';
import type { TimelineEntry } from '../../shared/timeline.ts';

type Without<T, K extends string> = T extends unknown ? Omit<T, K> : never;

/** An entry before it has its number and its time. */
export type Happening = Without<TimelineEntry, 'seq' | 'at'>;

/**
 * A happening, and whose state it changes: what lasted from the mark before to this one is its duration. Without `subject`
 * there is nothing that could have lasted; `over`: the subject ends with it.
 */
export interface Turn {
  readonly happening: Happening;
  readonly subject?: string;
  readonly over?: true;
}

/** What happened between two states of the engine. Figures and counters are no happenings. */
export function turnsBetween(before: AppState, after: AppState): Turn[] {
  if (before === after) return [];
  return [
    ...changed(before.hosts, after.hosts, hostTurns),
    ...changed(before.stacks, after.stacks, stackTurns),
    ...changed(before.alerts ?? {}, after.alerts ?? {}, alertTurns),
  ];
}

/** Each name whose value is another one, or came, or went. Names come from strangers: only own ones count. */
function changed<T>(
  before: Readonly<Record<string, T>>,
  after: Readonly<Record<string, T>>,
  tell: (before: T | undefined, after: T | undefined) => Turn[],
): Turn[] {
  if (before === after) return [];
  const gone = Object.keys(before).filter((name) => !Object.hasOwn(after, name));
  return [...gone, ...Object.keys(after)].flatMap((name) => {
    const was = Object.hasOwn(before, name) ? before[name] : undefined;
    const is = Object.hasOwn(after, name) ? after[name] : undefined;
    return was === is ? [] : tell(was, is);
  });
}

function hostTurns(before: HostView | undefined, after: HostView | undefined): Turn[] {
  if (after === undefined) return [];
  return [
    ...connectionTurns(before, after),
    ...dockerTurns(before, after),
    ...eventsTurns(before, after),
    ...promptTurns(before, after),
    ...changed(before?.forwards ?? {}, after.forwards, (was, is) => forwardTurns(after.id, was, is)),
  ];
}

/** Also a connection that was lost and is there again between two looks is another one. */
function connectionTurns(before: HostView | undefined, after: HostView): Turn[] {
  const key = (host: HostView | undefined): string =>
    JSON.stringify([host?.state, host?.attempt, host?.connections.readySince]);
  if (key(before) === key(after)) return [];
  const { id: hostId, state, attempt, reason } = after;
  const happening = { kind: 'connection' as const, hostId, state, ...given({ attempt, reason }) };
  return [{ happening, subject: `${hostId} connection` }];
}

function dockerTurns(before: HostView | undefined, after: HostView): Turn[] {
  const key = (host: HostView | undefined): string =>
    JSON.stringify([host?.docker.endpoint, host?.docker.engineVersion, host?.docker.reason?.code]);
  if (key(before) === key(after)) return [];
  const { endpoint, engineVersion, reason } = after.docker;
  const subject = `${after.id} docker`;
  if (endpoint !== undefined) {
    if (engineVersion === undefined) return []; // it is about to tell, or the connection does
    const path = endpoint.kind === 'streamlocal' ? endpoint.path : endpoint.kind;
    const happening = { kind: 'docker' as const, hostId: after.id, state: 'reachable' as const };
    return [{ happening: { ...happening, endpoint: path, engineVersion }, subject }];
  }
  if (reason === undefined) return [];
  return [{ happening: { kind: 'docker', hostId: after.id, state: 'unreachable', reason }, subject }];
}

function eventsTurns(before: HostView | undefined, { id: hostId, events: now }: HostView): Turn[] {
  const was = before?.events;
  const turns: Turn[] = [];
  const about = { kind: 'events' as const, hostId, attempt: now.attempt };
  const ended = (now.ended ?? []).filter(({ at }) => at > (was?.ended?.at(-1)?.at ?? -1));
  for (const { cause, totalMs, received } of ended) {
    const lasted = given({ lastedMs: totalMs });
    turns.push({ happening: { ...about, state: 'ended', received, reason: cause, ...lasted } });
  }
  if (now.state === was?.state && now.liveSince === was.liveSince) return turns;
  if (now.state === 'live')
    turns.push({ happening: { ...about, state: 'live', ...given({ startupMs: now.startupMs }) } });
  if (now.state === 'polling') {
    turns.push({ happening: { ...about, state: 'polling', ...given({ reason: now.reason }) } });
  }
  return turns;
}

function promptTurns(before: HostView | undefined, { id: hostId, prompt }: HostView): Turn[] {
  const was = before?.prompt;
  if (was?.id === prompt?.id) return [];
  const turns: Turn[] = [];
  const tell = (state: 'asked' | 'closed', { request }: NonNullable<HostView['prompt']>): void => {
    const over = state === 'closed' ? { over: true as const } : {};
    turns.push({
      happening: { kind: 'prompt', hostId, state, asks: request.kind },
      subject: `${hostId} prompt`,
      ...over,
    });
  };
  if (was !== undefined) tell('closed', was);
  if (prompt !== undefined) tell('asked', prompt);
  return turns;
}

/** Listening and holding are told by the connection: of a forward it counts where it is, not that nobody can use it now. */
function forwardTurns(hostId: string, before: ForwardView | undefined, after: ForwardView | undefined): Turn[] {
  const forward = after ?? before;
  if (forward === undefined || after?.state === 'opening') return [];
  const state = toldState(after);
  const was = before === undefined || before.state === 'opening' ? undefined : toldState(before);
  if (was === state && before?.local.port === after?.local.port) return [];
  const { id: forwardId, container, protocol, local, requestedPort, openedMs, reason } = forward;
  const happening = {
    kind: 'forward' as const,
    hostId,
    state,
    forwardId,
    protocol,
    local: { address: local.address, port: local.port },
    requestedPort,
    ...given({ container }),
    ...(state === 'closed' ? {} : given({ reason })),
    ...(was === undefined ? given({ openedMs }) : {}),
  };
  return [{ happening, subject: `${hostId} ${forwardId}`, ...(state === 'closed' ? { over: true } : {}) }];
}

function toldState(forward: ForwardView | undefined): (Happening & { kind: 'forward' })['state'] {
  if (forward === undefined) return 'closed';
  const { state, local, requestedPort } = forward;
  if (state !== 'listening' && state !== 'holding') return state;
  return local.port === requestedPort ? 'listening' : 'remapped';
}

function stackTurns(before: StackView | undefined, after: StackView | undefined): Turn[] {
  if (after === undefined || before === undefined || before.status === after.status) return [];
  const { name: stack, hostId, status } = after;
  const key = ({ kind, ...rest }: StackView['status']): string => `${kind} ${'stage' in rest ? rest.stage : ''}`;
  if (key(before.status) === key(status)) return [];
  const about = { kind: 'deployment' as const, hostId, stack };
  const subject = `stack ${stack}`;
  if (status.kind === 'queued') return [{ happening: { ...about, state: 'queued', action: status.action }, subject }];
  if (status.kind === 'running') {
    return [{ happening: { ...about, state: 'stage', action: status.action, stage: status.stage }, subject }];
  }
  if (!('since' in before.status)) return [];
  const { action } = before.status;
  const ending = endingOf(before.status, status);
  return [{ happening: { ...about, state: 'ended', action, ...ending }, subject, over: true }];
}

/** A run that told of no result leaves the stack as it was known before. */
function endingOf(
  run: StackView['status'] & { since: number },
  status: Exclude<StackView['status'], { since: number }>,
): { outcome: string; lastedMs?: number; reason?: Failure } {
  if (status.kind === 'idle' || status.at < run.since)
    return { outcome: run.kind === 'queued' ? 'skipped' : 'cancelled' };
  const reason = 'failure' in status ? { reason: status.failure } : {};
  return { outcome: status.kind, lastedMs: status.at - run.since, ...reason };
}

function alertTurns(before: Alert | undefined, after: Alert | undefined): Turn[] {
  const alert = after ?? before;
  if (alert === undefined || (before !== undefined && after !== undefined)) return [];
  const { id, code, hostId, message } = alert;
  const state = after === undefined ? 'cleared' : 'raised';
  const happening = { kind: 'alert' as const, state, alert: code, message, ...given({ hostId }) } as const;
  return [{ happening, subject: `alert ${id}`, ...(after === undefined ? { over: true } : {}) }];
}

/** The fields that are there. */
function given<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
