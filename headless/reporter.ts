import type { Disposable } from '../engine/base/disposables.ts';
import type { AppState } from '../shared/app-state.ts';
import { changesBetween, type Change } from './changes.ts';
import { jsonLine, textLine } from './lines.ts';
import { LiveTable } from './live-table.ts';
import type { Shell } from './shell.ts';

/** How `up` shows the state: as a table that stays in place, as lines, or as JSON lines. */
export interface Reporter extends Disposable {
  show(state: AppState): void;
  page(url: string): void;
  /** Leaves the terminal to a question, and takes it back. */
  hold(): void;
  resume(): void;
}

export function reporterFor(shell: Shell, json: boolean): Reporter {
  if (json) return new LineReporter(shell, jsonLine, (url) => JSON.stringify({ event: 'ui', url }));
  if (!shell.stdout.isTTY || shell.env['TERM'] === 'dumb')
    return new LineReporter(shell, textLine, (url) => `Status page: ${url}`);
  const table = new LiveTable(shell);
  return {
    show: (state) => table.show(state),
    page: (url) => void shell.stdout.write(`Status page: ${url}\n`),
    hold: () => table.hold(),
    resume: () => table.resume(),
    dispose: () => table.dispose(),
  };
}

class LineReporter implements Reporter {
  readonly #shell: Shell;
  readonly #line: (change: Change) => string;
  readonly #page: (url: string) => string;
  #before: AppState | undefined;

  constructor(shell: Shell, line: (change: Change) => string, page: (url: string) => string) {
    this.#shell = shell;
    this.#line = line;
    this.#page = page;
  }

  show(state: AppState): void {
    for (const change of changesBetween(this.#before, state)) this.#write(this.#line(change));
    this.#before = state;
  }

  page(url: string): void {
    this.#write(this.#page(url));
  }

  hold(): void {
    return; // lines and a question do not disturb each other
  }

  resume(): void {
    return;
  }

  dispose(): void {
    return;
  }

  #write(line: string): void {
    this.#shell.stdout.write(`${line}\n`);
  }
}
