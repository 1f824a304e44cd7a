import type { DesiredForward } from './desired.ts';

/** What one forward is in fact, as far as the difference matters. */
export interface ActualForward {
  readonly desired: DesiredForward;
  /** The local port it holds, which may be another than it wanted. */
  readonly port: number | undefined;
}

/** The steps from actual to desired, in the order in which they are to be taken. */
export interface ForwardPlan {
  /** Ids that are to go. */
  readonly close: readonly string[];
  /** Listeners that change hands: a new forward takes the place, and the port, of one that goes. */
  readonly adopt: readonly { readonly from: string; readonly desired: DesiredForward }[];
  /** Same place, new target or particulars: the listener stays. */
  readonly update: readonly DesiredForward[];
  readonly open: readonly DesiredForward[];
}

/** Pure and idempotent: applied once, a second diff is empty. */
export function diffForwards(
  desired: readonly DesiredForward[],
  actual: ReadonlyMap<string, ActualForward>,
): ForwardPlan {
  const wanted = new Map(desired.map((forward) => [forward.id, forward]));
  const leaving = [...actual.values()].filter(({ desired: old }) => {
    const next = wanted.get(old.id);
    return next === undefined || !samePlace(old, next);
  });
  const arriving = desired.filter((next) => {
    const old = actual.get(next.id)?.desired;
    return old === undefined || !samePlace(old, next);
  });
  const adopt: { from: string; desired: DesiredForward }[] = [];
  const open: DesiredForward[] = [];
  const free = new Map(
    leaving
      .filter((item) => item.port === item.desired.requestedPort)
      .map((item) => [placeOf(item.desired), item.desired.id]),
  );
  for (const next of arriving) {
    const from = holdsPort(next) ? free.get(placeOf(next)) : undefined;
    if (from === undefined || actual.has(next.id)) open.push(next);
    else {
      free.delete(placeOf(next));
      adopt.push({ from, desired: next });
    }
  }
  const adopted = new Set(adopt.map((item) => item.from));
  return {
    close: leaving.map((item) => item.desired.id).filter((id) => !adopted.has(id)),
    adopt,
    update: desired.filter((next) => {
      const old = actual.get(next.id)?.desired;
      return old !== undefined && samePlace(old, next) && !same(old, next);
    }),
    open,
  };
}

function holdsPort(forward: DesiredForward): boolean {
  return forward.disposition.kind === 'open' || forward.disposition.kind === 'linger';
}

/** Where a forward wants to listen; equal places can share one listener. */
function placeOf(forward: DesiredForward): string {
  return `${forward.bind.join(',')}|${forward.requestedPort}|${forward.policy}`;
}

function samePlace(a: DesiredForward, b: DesiredForward): boolean {
  return placeOf(a) === placeOf(b);
}

/** When a start was heard is a figure of the first opening, not a difference. */
function same(a: DesiredForward, b: DesiredForward): boolean {
  return JSON.stringify({ ...a, startHeardAt: 0 }) === JSON.stringify({ ...b, startHeardAt: 0 });
}
