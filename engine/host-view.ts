import type { ForwardView } from '../shared/forward.ts';
import type { HostProfile, HostView } from '../shared/host.ts';
import type { CommandFigures } from '../shared/run.ts';
import type { DockerLinkState } from './docker/docker-link.ts';
import type { EventStreamState } from './docker/event-stream.ts';
import type { EventStreamFigures } from './docker/stream-diagnosis.ts';
import { poolView } from './pool-view.ts';
import type { PendingPrompt } from './prompts.ts';
import type { AttemptView } from './ssh/attempt-budget.ts';
import type { ConnectionState } from './ssh/connection-state.ts';
import type { NegotiatedAlgorithms } from './ssh/link.ts';
import type { ProbeResult } from './ssh/probe.ts';
import type { SessionCounts } from './ssh/session-budget.ts';

/** The facts of one host, as its parts state them. */
export interface HostFacts {
  readonly profile: HostProfile;
  readonly connection: ConnectionState;
  readonly opened: { readonly opened: number; readonly lastHour: number };
  readonly attempts: AttemptView | undefined;
  readonly channels: { readonly open: number; readonly peak: number; readonly opened: number };
  readonly sessions: SessionCounts;
  /** Since when each session is held, Unix ms. */
  readonly sessionsSince: readonly number[];
  readonly commands: CommandFigures;
  readonly docker: DockerLinkState;
  readonly localSocket: string | undefined;
  readonly events: EventStreamState;
  readonly eventFigures: EventStreamFigures;
  readonly server: {
    readonly ident: string | undefined;
    readonly algorithms: NegotiatedAlgorithms | undefined;
    readonly rttMs: number | undefined;
    readonly probe: ProbeResult | undefined;
  };
  readonly prompt: PendingPrompt | undefined;
  readonly paused: boolean;
  readonly forwards: readonly ForwardView[];
}

/** The public view of a host. Forwards that did not change keep their identity from `before`, so that patches stay small. */
export function hostView(facts: HostFacts, before: HostView | undefined): HostView {
  const { profile, connection, docker, events, eventFigures, server, prompt } = facts;
  const failure = 'failure' in connection ? connection.failure : undefined;
  return {
    id: profile.id,
    target: profile.target,
    state: connection.kind,
    ...('attempt' in connection ? { attempt: connection.attempt } : {}),
    ...(connection.kind === 'reconnecting' ? { nextRetryAt: connection.nextRetryAt } : {}),
    ...(failure === undefined ? {} : { reason: failure }),
    ...(prompt === undefined ? {} : { prompt }),
    connections: {
      ...facts.opened,
      ...(connection.kind === 'ready' ? { readySince: connection.since } : {}),
      ...(facts.attempts === undefined ? {} : { attempts: attemptsOf(facts.attempts) }),
    },
    sessions: { ...facts.sessions },
    channels: facts.channels,
    pool: poolView(connection, facts.sessions, facts.sessionsSince),
    commands: facts.commands,
    docker: {
      ...(docker.kind === 'up' ? { endpoint: docker.endpoint.view } : {}),
      ...(docker.kind === 'up' && docker.versions !== undefined ? docker.versions : {}),
      ...(docker.kind === 'failed' ? { reason: docker.failure } : {}),
      ...(facts.localSocket === undefined ? {} : { localSocket: facts.localSocket }),
    },
    events: {
      state: events.kind,
      ...eventFigures,
      ...(events.kind === 'waiting' ? { reason: events.failure } : {}),
      ...(events.kind === 'polling' ? { reason: events.reason } : {}),
    },
    server: {
      ...(server.ident === undefined ? {} : { ident: server.ident }),
      ...(server.algorithms === undefined ? {} : { algorithms: server.algorithms }),
      ...(server.rttMs === undefined ? {} : { rttMs: Math.round(server.rttMs * 10) / 10 }),
      ...(server.probe?.user === undefined ? {} : { user: server.probe.user }),
    },
    paused: facts.paused,
    forwards: Object.fromEntries(facts.forwards.map((view) => [view.id, sameAs(before?.forwards[view.id], view)])),
  };
}

function sameAs(before: ForwardView | undefined, now: ForwardView): ForwardView {
  return before !== undefined && JSON.stringify(before) === JSON.stringify(now) ? before : now;
}

function attemptsOf({ state, openUntil, left, waiting }: AttemptView): HostView['connections']['attempts'] {
  return { state, left: Math.floor(left), waiting, ...(openUntil === undefined ? {} : { openUntil }) };
}
