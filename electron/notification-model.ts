import type { AppState } from '../shared/app-state.ts';
import { nextLines, type LineMemory } from './notification-lines.ts';
import { manners, noticeKinds } from './notification-manners.ts';
import { lostKey, occasionsOf, type NoticeKind, type Occasion } from './notification-occasions.ts';
import type { TrayAction } from './tray-menu-item.ts';

/** One notification. A new one may take the place of the one before of its kind. */
export interface Notice {
  readonly kind: NoticeKind;
  readonly title: string;
  /** Lines. */
  readonly body: string;
  /** What a click on it does. */
  readonly action: TrayAction;
}

/** What must be known of the looks before. Moments in Unix ms. */
export interface NoticeMemory {
  /** Undefined before the first look. */
  readonly lines: LineMemory | undefined;
  /** Since when occasions last that have not been told, by their keys. */
  readonly waiting: ReadonlyMap<string, number>;
  /** When occasions were told, or passed over because the user sees them anyway or has muted them. */
  readonly told: ReadonlyMap<string, number>;
  /** When each kind was last told. */
  readonly lastOf: Partial<Record<NoticeKind, number>>;
}

export const noMemory: NoticeMemory = { lines: undefined, waiting: new Map(), told: new Map(), lastOf: {} };

export interface Look {
  readonly state: AppState;
  /** Unix ms. */
  readonly now: number;
  /** When the machine last woke up. */
  readonly resumedAt?: number | undefined;
  /** The user has the window in front, which shows all this by itself. */
  readonly watched: boolean;
}

export interface Looked {
  readonly memory: NoticeMemory;
  readonly notices: readonly Notice[];
  /** When to look again though nothing may have changed. */
  readonly lookAgainAt: number | undefined;
}

/** After a resume the network takes a while: until then nothing is an error. */
export const quietAfterResumeMs = 10_000;
/** Two notifications of a kind are so far apart; what comes between is told in one. */
export const spacingMs = 20_000;
const namedInOne = 4;
const mostRemembered = 1_000;

/** What is to be told now. An occasion is told once, when it has lasted, and only if it still does. */
export function lookForNotices(before: NoticeMemory, { state, now, resumedAt = -Infinity, watched }: Look): Looked {
  const lines = nextLines(before.lines ?? {}, state, now, (hostId, since) => before.told.has(lostKey(hostId, since)));
  const occasions = occasionsOf(state, lines);
  const told = stillRemembered(before.told, occasions, now);
  const waiting = new Map<string, number>();
  const lastOf = { ...before.lastOf };
  const notices: Notice[] = [];
  let lookAgainAt = Infinity;
  for (const kind of noticeKinds) {
    const { setting, afterMs, isError } = manners[kind];
    const since = ({ key }: Occasion): number => before.waiting.get(key) ?? now;
    const untold = occasions.filter((occasion) => occasion.kind === kind && !told.has(occasion.key));
    const silent = watched || !state.settings.notifications[setting];
    const past = before.lines === undefined && setting === 'deployments'; // from before the first look
    const earliest = silent
      ? -Infinity
      : Math.max((lastOf[kind] ?? -Infinity) + spacingMs, isError ? resumedAt + quietAfterResumeMs : -Infinity);
    const due = past
      ? untold
      : now < earliest
        ? []
        : dueOf(kind, untold, (occasion) => since(occasion) + afterMs <= now);
    for (const { key } of due) told.set(key, now);
    if (due.length > 0 && !silent && !past) {
      notices.push(noticeOf(kind, due));
      lastOf[kind] = now;
    }
    for (const occasion of untold) {
      if (told.has(occasion.key)) continue;
      waiting.set(occasion.key, since(occasion));
      lookAgainAt = Math.min(lookAgainAt, Math.max(since(occasion) + afterMs, earliest));
    }
  }
  const memory = { lines, waiting, told, lastOf };
  return { memory, notices, lookAgainAt: lookAgainAt === Infinity ? undefined : Math.max(lookAgainAt, now + 1) };
}

/** Ports come in flocks: those that have only just come go with the first that is ripe. */
function dueOf(kind: NoticeKind, untold: Occasion[], isRipe: (occasion: Occasion) => boolean): Occasion[] {
  const ripe = untold.filter(isRipe);
  return ripe.length > 0 && manners[kind].setting === 'ports' ? untold : ripe;
}

function noticeOf(kind: NoticeKind, occasions: readonly Occasion[]): Notice {
  const [first, ...more] = occasions;
  if (first !== undefined && more.length === 0) {
    return { kind, title: first.title, body: first.body, action: { kind: 'show', route: first.route } };
  }
  const named = occasions.slice(0, namedInOne).map(({ short }) => short);
  const left = occasions.length - named.length;
  const body = [...named, ...(left === 0 ? [] : [`and ${left} more`])].join('\n');
  return {
    kind,
    title: manners[kind].many(occasions.length),
    body,
    action: { kind: 'show', route: manners[kind].route },
  };
}

/** What was told and lasts, and what would be told again too soon; of these, the oldest are forgotten. */
function stillRemembered(
  told: ReadonlyMap<string, number>,
  occasions: readonly Occasion[],
  now: number,
): Map<string, number> {
  const lasting = new Set(occasions.map(({ key }) => key));
  const ended = [...told].filter(([key, at]) => !lasting.has(key) && now - at < onceInMs(key));
  return new Map([...[...told].filter(([key]) => lasting.has(key)), ...ended.slice(-mostRemembered)]);
}

function onceInMs(key: string): number {
  const kind = noticeKinds.find((one) => key.startsWith(`${one} `));
  return kind === undefined ? 0 : manners[kind].onceInMs;
}
