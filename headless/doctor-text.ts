import { isDeepStrictEqual } from 'node:util';
import type { DoctorFix, DoctorStep } from '../shared/doctor.ts';
import { count, type Look } from '../shared/words.ts';
import { cleanText } from './clean-text.ts';
import { inState, quiet, strong, type Paint } from './paint.ts';
import { wrapText } from './table.ts';

const marks: Readonly<Record<DoctorStep['state'], { look: Look; unicode: string; ascii: string }>> = {
  ok: { look: 'on', unicode: '✔', ascii: '+' },
  warn: { look: 'degraded', unicode: '▲', ascii: '!' },
  failed: { look: 'error', unicode: '✘', ascii: 'x' },
  skipped: { look: 'off', unicode: '–', ascii: '-' },
};

/**
 * A step for people: its mark, what was found, and below it what mends it. Commands and lines of files stay whole. What mends
 * one of the steps `before` as well is not told again.
 */
export function doctorText(step: DoctorStep, paint: Paint, width: number, before: readonly DoctorStep[] = []): string {
  const { title, state, detail, fix } = step;
  const { look, unicode, ascii } = marks[state];
  const mark = inState(paint, look, paint.unicode ? unicode : ascii);
  const [first = '', ...more] = wrapText(`${title}: ${cleanText(detail)}`, width - 2);
  const head = state === 'failed' ? strong(paint, first) : state === 'skipped' ? quiet(paint, first) : first;
  const lines = [`${mark} ${head}`, ...more.map((line) => `  ${line}`)];
  if (fix !== undefined && state !== 'ok') {
    const earlier = before.find((other) => other.state !== 'ok' && isDeepStrictEqual(other.fix, fix));
    if (earlier === undefined) lines.push(...fixLines(fix, paint, width));
    else lines.push(`    ${quiet(paint, `Mended as above: ${earlier.title}.`)}`);
  }
  return lines.map((line) => `${line}\n`).join('');
}

function fixLines({ on, advice, file, commands }: DoctorFix, paint: Paint, width: number): string[] {
  const place = on === 'host' ? 'On the host' : 'Here';
  return [
    ...wrapText(`${place}: ${cleanText(advice)}`, width - 4).map((line) => `    ${quiet(paint, line)}`),
    ...(file === undefined
      ? []
      : [`    ${quiet(paint, cleanText(file.path))}`, ...file.lines.map((line) => `      ${cleanText(line)}`)]),
    ...commands.map((command) => `    ${quiet(paint, '$')} ${cleanText(command)}`),
  ];
}

/** The last line: whether there is anything to do. */
export function doctorSummary(steps: readonly DoctorStep[]): string {
  const failed = steps.filter(({ state }) => state === 'failed').length;
  const warned = steps.filter(({ state }) => state === 'warn').length;
  if (failed + warned === 0) return 'All is well.';
  const parts = [
    ...(failed > 0 ? [`${count(failed, 'thing')} to mend`] : []),
    ...(warned > 0 ? [`${count(warned, 'thing')} worth a look`] : []),
  ];
  return `${parts.join(', ')}.`;
}
