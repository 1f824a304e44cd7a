import type { FileChange } from '../../shared/deploy.ts';
import { bytes, count, type StateWord } from '../../shared/words.ts';
import { duration } from '../format.ts';
import type { RunView } from './deploy-run.ts';

/** How a run ended, or that it goes on, as a glyph and a word. */
export function endingOf({ end }: RunView): StateWord {
  if (end === undefined) return { look: 'connecting', word: 'At work' };
  if (end.kind === 'skipped') return { look: 'off', word: `Left out, because ${end.because} failed` };
  if (end.kind === 'verified') return end.ok ? { look: 'on', word: 'Works' } : { look: 'error', word: 'Does not work' };
  switch (end.result.outcome) {
    case 'succeeded':
      return { look: 'on', word: 'Runs' };
    case 'cancelled':
      return { look: 'off', word: 'Cancelled' };
    case 'interrupted':
      return { look: 'degraded', word: 'Interrupted' };
    case 'refused':
      return { look: 'degraded', word: 'Refused' };
    case 'failed':
      return end.result.release === 'old'
        ? { look: 'degraded', word: 'Rolled back' }
        : { look: 'error', word: 'Failed' };
  }
}

const serving = {
  new: 'The new release runs.',
  old: 'The release before runs.',
  none: 'Nothing was there before.',
  unknown: 'What runs now is not known yet.',
} as const;

/** What calms while it runs; what serves now that it has ended. */
export function runFoot(view: RunView): string {
  const { end, stages } = view;
  if (end === undefined) {
    switch (stages.at(-1)?.stage) {
      case undefined:
        return 'Its turn comes after the stacks before it.';
      case 'gating':
      case 'starting':
        return stages.length === 1
          ? 'No session is used for this.'
          : 'If it does not work, the release before comes back.';
      case 'committing':
        return 'It works. The release is kept.';
      case 'restoring':
        return 'The release before comes back.';
      default:
        return 'Nothing is stopped before the build is done.';
    }
  }
  if (end.kind !== 'result') return `${endingOf(view).word}.`;
  const { release, durationMs, outcome } = end.result;
  const served = outcome === 'refused' ? 'Nothing was changed.' : serving[release];
  return `${endingOf(view).word}, after ${duration(durationMs)}. ${served}`;
}

/** "3 added, 1 deleted"; "no file" where nothing differs. */
export function changesInWords(changes: readonly FileChange[]): string {
  const parts = (['added', 'changed', 'deleted'] as const).flatMap((kind) => {
    const number = changes.filter((change) => change.kind === kind).length;
    return number === 0 ? [] : [`${number} ${kind}`];
  });
  return parts.length === 0 ? 'no file has changed' : parts.join(', ');
}

/** What was sent, and of how many files. */
export function uploadInWords({ changes, sentBytes, uploadBytes }: RunView): { what: string; of: string } | undefined {
  if (changes === undefined) return undefined;
  const files = changes.filter(({ kind }) => kind !== 'deleted').length;
  if (files === 0) return { what: 'Nothing to upload', of: changesInWords(changes) };
  if (sentBytes < uploadBytes)
    return { what: `Uploading ${bytes(sentBytes)}`, of: `of ${bytes(uploadBytes)}, ${count(files, 'file')}` };
  const gone = changes.length - files;
  return {
    what: `Uploaded ${bytes(uploadBytes)}`,
    of: `${count(files, 'file')}${gone === 0 ? '' : `, ${gone} deleted`}`,
  };
}
