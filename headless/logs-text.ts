import type { LogEvent, LogLine, LogSource } from '../shared/log.ts';
import { cleanText, textWidth } from './clean-text.ts';
import { quiet, type Paint } from './paint.ts';

/** Escape sequences: colours; other control sequences; strings to the terminal (titles, links, clipboard), with their end; anything else. */
const escapes =
  /(\u{1b}\[[\d;:]*m)|\u{1b}\[[\u{20}-\u{3f}]*[\u{40}-\u{7e}]?|\u{1b}[\]PX^_](?:(?!\u{1b}\\|\\x07).)*(?:\u{1b}\\|\\x07)?|\u{1b}[\u{20}-\u{2f}]*[\u{30}-\u{7e}]?/gu;
/** Would show text in another order than it has, or break the line. */
const misleading = /[\u{202a}-\u{202e}\u{2066}-\u{2069}\p{Zl}\p{Zp}]/gu;
const reset = '\x1b[0m';

/** A line's text as a terminal may have it: colours, if it has any, and nothing else that it would obey. */
export function terminalText(text: string, color: boolean): string {
  const plain = text.replace(misleading, '\u{fffd}');
  if (!plain.includes('\x1b')) return plain;
  let isColoured = false;
  const safe = plain.replace(escapes, (_, colour: string | undefined) => {
    if (!color || colour === undefined) return '';
    isColoured = true;
    return colour;
  });
  return isColoured ? `${safe}${reset}` : safe;
}

/** Told apart by people who see red and green alike: no pair of those follows each other. */
const palette = [36, 33, 35, 32, 34, 96, 93, 95, 92, 94];

/** Which container a line of a project is of: its service's name in its colour, all of one width. */
export class LogPrefixes {
  readonly #paint: Paint;
  readonly #colours = new Map<string, number>();
  #width = 0;

  constructor(paint: Paint) {
    this.#paint = paint;
  }

  learn({ container, service, colour }: LogSource): void {
    this.#colours.set(container, colour);
    this.#width = Math.max(this.#width, textWidth(cleanText(service ?? container)));
  }

  of({ container, service }: LogLine): string {
    const name = cleanText(service ?? container);
    const padded = `${name}${' '.repeat(Math.max(0, this.#width - textWidth(name)))} ${this.#paint.unicode ? '│' : '|'} `;
    if (!this.#paint.color) return padded;
    return `\x1b[${palette[(this.#colours.get(container) ?? 0) % palette.length] ?? 36}m${padded}${reset}`;
  }
}

/** One line as it is printed. */
export function lineText(line: LogLine, prefix: string, timestamps: boolean, paint: Paint): string {
  const time = timestamps ? `${quiet(paint, line.at)} ` : '';
  const cut = line.truncated === true ? quiet(paint, paint.unicode ? ' … (cut)' : ' ... (cut)') : '';
  return `${prefix}${time}${terminalText(line.text, paint.color)}${cut}\n`;
}

/** What is said beside the lines; nothing where they speak for themselves. */
export function noteText(event: Exclude<LogEvent, { kind: 'lines' }>, isAgain: boolean): string | undefined {
  switch (event.kind) {
    case 'gap':
      return `${event.lines} lines were left out: they came faster than they were read.`;
    case 'attached':
      return isAgain ? `${cleanText(event.source.container)} is here again.` : undefined;
    case 'ended': {
      const { message, hint } = event.failure ?? {};
      return [`${cleanText(event.container)} ${endWords[event.reason]}`, message, hint]
        .filter((part) => part !== undefined)
        .map(cleanText)
        .join(' ');
    }
  }
}

const endWords = {
  stopped: 'has stopped.',
  removed: 'was removed.',
  disconnected: 'is out of reach for now.',
  unreadable: "can't be read.",
} as const;
