import type { Look } from '../shared/words.ts';

/** What the terminal can show. */
export interface Paint {
  readonly color: boolean;
  readonly unicode: boolean;
}

type Env = Readonly<Record<string, string | undefined>>;

/** Colours unless the terminal has none or the user wants none (NO_COLOR). */
export function paintFor(stream: { isTTY?: boolean; getColorDepth?(env?: object): number }, env: Env): Paint {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  const unicode = locale === '' || /utf-?8/i.test(locale);
  const color =
    stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb' && (stream.getColorDepth?.(env) ?? 1) > 1;
  return { color, unicode };
}

const glyphs: Readonly<Record<Look, readonly [unicode: string, ascii: string]>> = {
  off: ['○', 'o'],
  connecting: ['◌', '.'],
  on: ['●', '*'],
  degraded: ['▲', '!'],
  'needs-you': ['◆', '?'],
  error: ['✕', 'x'],
  paused: ['‖', '='],
  holding: ['⧗', '~'],
  'not-carried': ['⊘', '-'],
};

const colors: Readonly<Record<Look, string>> = {
  off: '2',
  connecting: '34',
  on: '32',
  degraded: '33',
  'needs-you': '35',
  error: '31',
  paused: '2',
  holding: '33',
  'not-carried': '2',
};

export function glyph(paint: Paint, look: Look): string {
  return inState(paint, look, glyphs[look][paint.unicode ? 0 : 1]);
}

/** Colour says state and nothing else. */
export function inState(paint: Paint, look: Look, text: string): string {
  return paint.color ? `\x1b[${colors[look]}m${text}\x1b[0m` : text;
}

export function quiet(paint: Paint, text: string): string {
  return paint.color && text !== '' ? `\x1b[2m${text}\x1b[0m` : text;
}

export function strong(paint: Paint, text: string): string {
  return paint.color ? `\x1b[1m${text}\x1b[0m` : text;
}
