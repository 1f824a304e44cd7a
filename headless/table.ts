import type { Alert } from '../shared/alert.ts';
import type { AppState } from '../shared/app-state.ts';
import type { Failure } from '../shared/failure.ts';
import type { ForwardView } from '../shared/forward.ts';
import { statusDocument, type HostStatus } from '../shared/status.ts';
import { forwardWord, hostWord, isRemapped, localAddress, promise } from '../shared/words.ts';
import { cleanText, cutText, fitText, textWidth } from './clean-text.ts';
import { glyph, inState, quiet, strong, type Paint } from './paint.ts';

export interface TableOptions {
  readonly paint: Paint;
  /** Columns of the terminal. */
  readonly width: number;
  /** Lines there is room for; the rest is counted in the last one. */
  readonly height: number;
  /** Unix ms. */
  readonly now: number;
}

/** The state as lines of text, one host after the other. No line is wider than the terminal. */
export function tableLines(state: AppState, options: TableOptions): string[] {
  const { hosts } = statusDocument(state, options.now);
  const lines = [
    ...(state.settingsProblem === undefined ? [] : reasonLines(state.settingsProblem, '', options)),
    ...Object.values(state.alerts ?? {}).flatMap((alert) => alertLines(alert, options)),
    ...hosts.flatMap((host) => hostLines(host, options)),
  ];
  if (hosts.length === 0) lines.push('No hosts yet. Add one: towline hosts add ssh://user@host');
  if (lines.length <= options.height) return lines;
  const shown = Math.max(0, options.height - 1);
  return [
    ...lines.slice(0, shown),
    quiet(options.paint, cutText(`and ${lines.length - shown} more lines`, options.width)),
  ];
}

function alertLines({ code, message, hint }: Alert, options: TableOptions): string[] {
  const [first = '', ...more] = reasonLines({ code, message, hint }, '  ', options);
  return [`${glyph(options.paint, 'degraded')}${first.slice(1)}`, ...more];
}

function hostLines(host: HostStatus, options: TableOptions): string[] {
  const { paint, width, now } = options;
  const state = hostWord({ ...host, forwards: {} }, now);
  const id = cleanText(host.id);
  const figures = cutText(
    promise({ ...host, forwards: {} }),
    Math.max(0, width - textWidth(id) - textWidth(state.word) - 6),
  );
  return [
    `${glyph(paint, state.look)} ${strong(paint, cutText(id, width - 2))}  ${inState(paint, state.look, cutText(state.word, Math.max(0, width - textWidth(id) - 4)))}  ${quiet(paint, figures)}`,
    ...reasonLines(host.reason ?? host.docker.reason, '  ', options),
    ...forwardLines(host.forwards, options),
  ];
}

function forwardLines(forwards: readonly ForwardView[], options: TableOptions): string[] {
  const columns = columnWidths(forwards, options.width);
  let project = '';
  return forwards.flatMap((forward) => {
    const head =
      (forward.project ?? '') === project ? [] : [`  ${cutText(cleanText(forward.project ?? ''), options.width - 2)}`];
    project = forward.project ?? '';
    return [...head, forwardLine(forward, columns, options), ...reasonLines(forward.reason, '    ', options)];
  });
}

interface Columns {
  readonly local: number;
  readonly name: number;
  readonly remote: number;
  readonly word: number;
}

/** Each column as wide as it needs to be; the container's name gives way first. */
function columnWidths(forwards: readonly ForwardView[], width: number): Columns {
  const widest = (text: (forward: ForwardView) => string): number =>
    Math.max(0, ...forwards.map((one) => textWidth(text(one))));
  const local = widest(localText);
  const remote = widest(remoteText);
  const word = widest((one) => forwardWord(one).word);
  const room = width - 4 - local - remote - word - 6;
  return { local, remote, word, name: Math.min(widest(nameText), Math.max(4, room)) };
}

function forwardLine(forward: ForwardView, columns: Columns, { paint, width }: TableOptions): string {
  const { look, word } = forwardWord(forward);
  const text = [
    fitText(localText(forward), columns.local),
    fitText(nameText(forward), columns.name),
    fitText(remoteText(forward), columns.remote),
  ].join('  ');
  const cut = cutText(text, width - 4);
  const room = Math.max(0, width - 6 - textWidth(cut));
  const shown = look === 'on' ? cutText(word, room) : inState(paint, look, cutText(word, room));
  return `  ${glyph(paint, look)} ${cut}${room === 0 ? '' : `  ${shown}`}`;
}

function localText(forward: ForwardView): string {
  return cleanText(localAddress(forward)) + (isRemapped(forward) ? ` (was ${forward.requestedPort})` : '');
}

function nameText(forward: ForwardView): string {
  return cleanText(forward.container ?? 'by hand');
}

function remoteText({ remote: { address, port }, protocol }: ForwardView): string {
  if (port === 0) return cleanText(address);
  return protocol === 'tcp' ? String(port) : `${port}/${protocol}`;
}

function reasonLines(failure: Failure | undefined, indent: string, { paint, width }: TableOptions): string[] {
  if (failure === undefined) return [];
  const text = [failure.message, failure.hint ?? ''].join(' ').trim();
  return wrapText(cleanText(text), width - indent.length).map((line) => indent + quiet(paint, line));
}

/** Lines of at most `width` columns, broken at spaces where there are any. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (textWidth(longer) <= width) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    line = cutText(word, Math.max(1, width));
  }
  return [...lines, line];
}
