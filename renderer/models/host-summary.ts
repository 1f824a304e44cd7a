import type { AppState } from '../../shared/app-state.ts';
import type { HostView } from '../../shared/host.ts';
import { count, forwardWord, hostStateWord, type Look } from '../../shared/words.ts';
import { shownForwards } from './forward-list.ts';

export { hostStateWord };

/** The promise over all hosts: what is open now, and what was opened in the last hour. */
export interface PromiseFigures {
  readonly connections: { readonly now: number; readonly lastHour: number };
  readonly sessions: { readonly inUse: number; readonly limit: number; readonly lastHour: number };
}

export function promiseFigures(hosts: AppState['hosts']): PromiseFigures {
  const all = Object.values(hosts);
  const up = all.filter(({ state }) => state === 'ready');
  const sum = (of: readonly HostView[], figure: (host: HostView) => number): number =>
    of.reduce((total, host) => total + figure(host), 0);
  return {
    connections: { now: up.length, lastHour: sum(all, ({ connections }) => connections.lastHour) },
    sessions: {
      inUse: sum(up, ({ sessions }) => sessions.inUse),
      limit: sum(up, ({ sessions }) => sessions.limit),
      lastHour: sum(all, ({ sessions }) => sessions.lastHour),
    },
  };
}

/** What hangs on a host's line: every port that has a place on localhost. */
export function lineLoad(host: HostView): { readonly port: number; readonly look: Look }[] {
  return shownForwards(host)
    .filter(({ state }) => state !== 'unsupported')
    .map((forward) => ({ port: forward.local.port, look: forwardWord(forward).look }));
}

/** The line in one sentence, for those who don't see it. */
export function lineSentence(host: HostView): string {
  const load = lineLoad(host);
  const troubled = load.filter(({ look }) => look === 'error').length;
  const { word } = hostStateWord(host);
  const forwards = count(load.length, 'forward');
  return `${host.id}: ${word}, ${forwards}${troubled === 0 ? '' : `, ${count(troubled, 'conflict')}`}`;
}
