import { stripVTControlCharacters } from 'node:util';
import { textWidth } from './clean-text.ts';

/** The part of a terminal stream that is needed to draw. */
export interface Screen {
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

/**
 * Lines at the end of a terminal that are redrawn in place. Only lines that differ are written, all in one piece, so
 * that nothing flickers; what stood above stays, and so does the last drawing.
 */
export class LiveScreen {
  readonly #screen: Screen;
  #drawn: readonly string[] = [];
  #columns = 0;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  /** Columns; a terminal that does not know its size says 0. */
  get width(): number {
    return this.#screen.columns || 80;
  }

  /** Lines that fit without scrolling; the cursor rests on the one below. */
  get height(): number {
    return Math.max(1, (this.#screen.rows || 24) - 1);
  }

  draw(lines: readonly string[]): void {
    const resized = this.#columns !== this.width;
    if (!resized && lines.length === this.#drawn.length && lines.every((line, at) => line === this.#drawn[at])) return;
    const up = resized ? this.#rowsTaken() : this.#drawn.length;
    const start = up === 0 ? '' : `\x1b[${Math.min(up, this.height)}A`;
    const body = lines.map((line, at) => (!resized && line === this.#drawn[at] ? '\n' : `\r${line}\x1b[K\n`)).join('');
    const gone = resized || lines.length < this.#drawn.length ? '\x1b[J' : '';
    this.#screen.write(resized ? `${start}\x1b[J${body}` : `${start}${body}${gone}`);
    this.#drawn = lines;
    this.#columns = this.width;
  }

  /** Leaves what is drawn where it is; the next drawing begins below. */
  release(): void {
    this.#drawn = [];
  }

  /** A terminal that became narrower has broken the longer lines. */
  #rowsTaken(): number {
    return this.#drawn.reduce(
      (rows, line) => rows + Math.max(1, Math.ceil(textWidth(stripVTControlCharacters(line)) / this.width)),
      0,
    );
  }
}
