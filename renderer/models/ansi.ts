/** One of the sixteen colours of a terminal: 0 to 7, and 8 to 15 for the bright ones. */
export type AnsiColour = number;

/** How a stretch of a line is drawn, of what terminals can. Grounds are left out: no colour of ours is safe on them. */
export interface AnsiStyle {
  readonly colour?: AnsiColour;
  readonly bold?: boolean;
  readonly dim?: boolean;
  readonly italic?: boolean;
  readonly underline?: boolean;
}

/** From `start` on, in characters of the plain text, up to the next run. */
export interface AnsiRun {
  readonly start: number;
  readonly style: AnsiStyle;
}

const escape = '\u001b';
const bell = '\u0007';

/** Escape sequences: those that style (with their numbers), all others of terminals, and titles and links. */
const escapes = new RegExp(
  [
    `${escape}\\[([\\d;:]*)m`,
    `${escape}\\[[\\d;:?]*[ -/]*[@-~]`,
    `${escape}\\][^${escape}${bell}]*(?:${escape}\\\\|${bell})?`,
  ].join('|'),
  'g',
);

/** Where the style of a line changes; nothing for a line without escape sequences. */
export function ansiRuns(text: string): readonly AnsiRun[] {
  if (!text.includes(escape)) return [];
  const runs: AnsiRun[] = [];
  let style: AnsiStyle = {};
  let left = 0; // characters of escape sequences so far
  for (const match of text.matchAll(escapes)) {
    if (match[1] !== undefined) {
      style = restyled(style, match[1]);
      runs.push({ start: match.index - left, style });
    }
    left += match[0].length;
  }
  return runs;
}

/** Without what moves a terminal's cursor or colours it. */
export function plainText(text: string): string {
  return text.includes(escape) ? text.replace(escapes, '') : text;
}

/** The style after one sequence: its numbers in turn; `38` and `48` take those of their colour with them. */
function restyled(before: AnsiStyle, numbers: string): AnsiStyle {
  const codes = numbers.split(/[;:]/).map(Number);
  let style = before;
  for (let i = 0; i < codes.length; i += 1) {
    const code = codes[i] ?? 0;
    if (code === 38 || code === 48) {
      const taken = extendedColour(codes.slice(i + 1));
      if (code === 38 && taken.colour !== undefined) style = { ...style, colour: taken.colour };
      i += taken.length;
    } else style = styledBy(style, code);
  }
  return style;
}

function styledBy(style: AnsiStyle, code: number): AnsiStyle {
  if (code === 0) return {};
  if (code >= 30 && code <= 37) return { ...style, colour: code - 30 };
  if (code >= 90 && code <= 97) return { ...style, colour: code - 82 };
  switch (code) {
    case 1:
      return { ...style, bold: true };
    case 2:
      return { ...style, dim: true };
    case 3:
      return { ...style, italic: true };
    case 4:
      return { ...style, underline: true };
    case 22:
      return { ...style, bold: false, dim: false };
    case 23:
      return { ...style, italic: false };
    case 24:
      return { ...style, underline: false };
    case 39: {
      const { colour: _, ...rest } = style;
      return rest;
    }
    default:
      return style;
  }
}

/** `5;n` of 256 colours, or `2;r;g;b`; each becomes the nearest of the sixteen by its hue. */
function extendedColour([kind, ...rest]: readonly number[]): { colour?: AnsiColour; length: number } {
  if (kind === 2) return { colour: nearest(rest[0] ?? 0, rest[1] ?? 0, rest[2] ?? 0), length: 4 };
  if (kind !== 5) return { length: 1 };
  const index = rest[0] ?? 0;
  if (index < 16) return { colour: index, length: 2 };
  if (index >= 232) return { colour: index < 244 ? 8 : 7, length: 2 };
  const level = (step: number): number => (step === 0 ? 0 : 55 + 40 * step);
  const cube = index - 16;
  return { colour: nearest(level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6)), length: 2 };
}

function nearest(red: number, green: number, blue: number): AnsiColour {
  const most = Math.max(red, green, blue);
  if (most - Math.min(red, green, blue) < 40) return most < 128 ? 8 : 7;
  const half = most / 2;
  return (red > half ? 1 : 0) + (green > half ? 2 : 0) + (blue > half ? 4 : 0);
}
