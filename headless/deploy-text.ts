import type { DeployProgress, DeployResult, FileChange, GateReport } from '../shared/deploy.ts';
import type { ConfigChange, DeployEvent, DryRun } from '../shared/deployment.ts';
import { assertNever, type Failure } from '../shared/failure.ts';
import { stageWord } from '../shared/stage-word.ts';
import { bytes } from '../shared/words.ts';
import { cleanText } from './clean-text.ts';
import { durationText } from './duration.ts';
import { glyph, quiet, strong, type Paint } from './paint.ts';

export { stageWord };

/** One line of JSON for an event; scripts rely on it. */
export function deployJson(event: DeployEvent): string {
  return JSON.stringify(flat(event));
}

function flat(event: DeployEvent): object {
  switch (event.kind) {
    case 'progress': {
      const { kind, ...progress } = event.progress;
      const facts = 'report' in progress ? progress.report : progress;
      return { event: kind, stack: event.stack, ...facts };
    }
    case 'result':
      return { event: 'result', ...event.result };
    case 'begun':
    case 'verified':
    case 'skipped': {
      const { kind, ...facts } = event;
      return { event: kind, ...facts };
    }
    default:
      return assertNever(event);
  }
}

/** What an event is to people, as lines; nothing for those that only a progress bar shows. */
export function deployLines(event: DeployEvent, paint: Paint): string[] {
  switch (event.kind) {
    case 'begun':
      return [];
    case 'progress':
      return progressLines(event.progress, paint).map((line) => inStack(event.stack, line, paint));
    case 'result':
      return resultLines(event.result, paint).map((line) => inStack(event.stack, line, paint));
    case 'verified': {
      const line = event.ok ? `${glyph(paint, 'on')} Works` : `${glyph(paint, 'error')} Does not work`;
      return [line, ...failureLines(event.failure)].map((text) => inStack(event.stack, text, paint));
    }
    case 'skipped':
      return [inStack(event.stack, `${glyph(paint, 'off')} Left out, because ${event.because} failed`, paint)];
    default:
      return assertNever(event);
  }
}

function inStack(stack: string, line: string, paint: Paint): string {
  return `${strong(paint, stack)}  ${line}`;
}

function progressLines(progress: DeployProgress, paint: Paint): string[] {
  switch (progress.kind) {
    case 'stage':
      return [stageWord(progress.stage)];
    case 'changes':
      return [changesText(progress.changes, progress.uploadBytes)];
    case 'bytes':
      return [];
    case 'output':
      return [quiet(paint, `  ${cleanText(progress.line)}`)];
    case 'gate':
      return gateLines(progress.report, paint);
    case 'warning':
      return [`${glyph(paint, 'degraded')} ${cleanText(progress.message)}`];
    default:
      return assertNever(progress);
  }
}

function gateLines({ gate, ok, saw, log = [] }: GateReport, paint: Paint): string[] {
  const seen = `${glyph(paint, ok ? 'on' : 'error')} ${cleanText(gate)}: ${cleanText(saw)}`;
  return [seen, ...log.map((line) => quiet(paint, `  ${cleanText(line)}`))];
}

function changesText(changes: readonly FileChange[], uploadBytes: number): string {
  if (changes.length === 0) return 'No file has changed';
  const counts = (['added', 'changed', 'deleted'] as const).flatMap((kind) => {
    const count = changes.filter((change) => change.kind === kind).length;
    return count === 0 ? [] : [`${count} ${kind}`];
  });
  return `${counts.join(', ')}; ${bytes(uploadBytes)} to send`;
}

const releaseWords: Readonly<Record<DeployResult['release'], string>> = {
  new: '',
  old: 'The release before runs.',
  none: 'Nothing was there before.',
  unknown: 'What runs now is not known.',
};

function resultLines({ outcome, release, failure, durationMs, bytesSent }: DeployResult, paint: Paint): string[] {
  const figures = quiet(paint, `${durationText(durationMs)}, ${bytes(bytesSent)} sent`);
  if (outcome === 'succeeded') return [`${glyph(paint, 'on')} Runs  ${figures}`];
  const word = outcome[0]?.toUpperCase() + outcome.slice(1);
  const now = releaseWords[release];
  return [
    `${glyph(paint, outcome === 'cancelled' ? 'off' : 'error')} ${[word, now].join('. ').trim()}`,
    ...failureLines(failure),
  ];
}

function failureLines(failure: Failure | undefined): string[] {
  if (failure === undefined) return [];
  return [failure.message, failure.hint].flatMap((line) => (line === undefined ? [] : [`  ${cleanText(line)}`]));
}

const signs: Readonly<Record<FileChange['kind'], string>> = { added: '+', changed: '~', deleted: '-' };

/** A dry run: a line per file and per setting, then what Compose says that it would do. */
export function dryRunLines(stack: string, dry: DryRun, paint: Paint): string[] {
  const { changes, uploadBytes, config, compose, warnings } = dry;
  const files = changes.map(({ kind, path, before, after }) => {
    const sizes = [before, after].flatMap((size) => (size === undefined ? [] : [bytes(size)]));
    return `  ${signs[kind]} ${cleanText(path)}  ${quiet(paint, sizes.join(' → '))}`;
  });
  return [
    `${strong(paint, stack)}  ${changesText(changes, uploadBytes)}`,
    ...files,
    ...config.map((change) => configLine(change, paint)),
    ...(compose ?? ['The host’s Compose has no dry run of its own']).map(
      (line) => `  ${quiet(paint, cleanText(line))}`,
    ),
    ...warnings.map((warning) => `  ${glyph(paint, 'degraded')} ${cleanText(warning)}`),
  ];
}

function configLine({ path, before, after }: ConfigChange, paint: Paint): string {
  const sign = before === undefined ? '+' : after === undefined ? '-' : '~';
  const values = [before, after].flatMap((value) => (value === undefined ? [] : [cleanText(value)]));
  return `  ${sign} ${cleanText(path)}: ${quiet(paint, values.join(' → '))}`;
}
