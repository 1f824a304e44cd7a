import type { AppState } from '../../shared/app-state.ts';
import type { ForwardView } from '../../shared/forward.ts';
import type { RulePreview } from '../../shared/settings-view.ts';
import { forwardWord, type Look } from '../../shared/words.ts';

/** One port that the rule speaks of: where it is now, and what would become of it. */
export interface PreviewRow {
  readonly key: string;
  readonly look: Look;
  readonly name: string;
  readonly where: string;
  readonly now: string;
  readonly then: string;
  /** False where an earlier rule decides. */
  readonly decides: boolean;
  readonly moves: boolean;
  /** Open connections that would end. */
  readonly ends: number;
}

/** What a rule would do, from what all rules would make of the ports (`all`) and what it would alone (`alone`). */
export function previewRows(
  hosts: AppState['hosts'],
  index: number,
  all: readonly RulePreview[],
  alone: readonly RulePreview[],
): PreviewRow[] {
  const spokenOf = new Set(alone.filter(({ rule }) => rule === 0).map(keyOf));
  return all
    .filter((row) => spokenOf.has(keyOf(row)))
    .map((row) => {
      const forward = hosts[row.hostId]?.forwards[row.forwardId];
      const decides = row.rule === index;
      const stays = forward !== undefined && isSo(forward, row);
      const moves = decides && !stays;
      return {
        key: keyOf(row),
        look: forward === undefined ? ('off' as const) : forwardWord(forward).look,
        name: row.container,
        where: decides ? row.hostId : `${row.hostId}, rule ${(row.rule ?? 0) + 1} comes first`,
        now: forward === undefined || forward.state === 'ignored' ? '–' : String(forward.local.port),
        then: decides ? (stays ? 'stays' : outcome(row)) : 'not this rule',
        decides,
        moves,
        ends: moves ? (forward?.active ?? 0) : 0,
      };
    })
    .sort((a, b) => Number(b.decides) - Number(a.decides));
}

/** Whether it is now as the rules would have it; a port it was given instead may be the very one. */
function isSo(forward: ForwardView, { becomes, localPort }: RulePreview): boolean {
  if (becomes === 'ignored' || forward.state === 'ignored') return becomes === forward.state;
  return forward.requestedPort === localPort || forward.local.port === localPort;
}

function outcome({ becomes, localPort }: RulePreview): string {
  return {
    open: String(localPort),
    paused: `${localPort}, paused`,
    ignored: 'left out',
    unsupported: 'not carried',
    refused: 'refused',
  }[becomes];
}

function keyOf({ hostId, forwardId }: RulePreview): string {
  return `${hostId} ${forwardId}`;
}
