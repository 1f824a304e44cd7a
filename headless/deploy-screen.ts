import { systemClock } from '../engine/base/clock.ts';
import type { Disposable } from '../engine/base/disposables.ts';
import type { DeployStage } from '../shared/deploy.ts';
import type { DeployEvent } from '../shared/deployment.ts';
import { bytes } from '../shared/words.ts';
import { cutText } from './clean-text.ts';
import { deployJson, deployLines, stageWord } from './deploy-text.ts';
import { durationText } from './duration.ts';
import { LiveScreen } from './live-screen.ts';
import { glyph, quiet, strong, type Paint } from './paint.ts';
import type { Shell } from './shell.ts';

/** How deployments are shown: with bars at a terminal, as lines, or as JSON lines. */
export interface DeployReporter extends Disposable {
  show(event: DeployEvent): void;
}

export function deployReporter(shell: Shell, json: boolean): DeployReporter {
  const { stdout, paint } = shell;
  if (!json && stdout.isTTY && shell.env['TERM'] !== 'dumb') return new DeployScreen(shell);
  const lines = (event: DeployEvent): string[] => (json ? [deployJson(event)] : deployLines(event, paint));
  return {
    show: (event) =>
      void stdout.write(
        lines(event)
          .map((line) => `${line}\n`)
          .join(''),
      ),
    dispose: () => undefined,
  };
}

/** The stage that a stack is in. */
export interface Underway {
  readonly stage: DeployStage;
  /** How long it has been in it, in ms. */
  readonly forMs: number;
  readonly sent?: { readonly bytes: number; readonly total: number };
}

const redrawMs = 200;

/** What has happened stays above; below, a line for each stack that is under way. */
class DeployScreen implements DeployReporter {
  readonly #shell: Shell;
  readonly #screen: LiveScreen;
  readonly #underway = new Map<string, Omit<Underway, 'forMs'> & { readonly since: number }>();
  readonly #ticking: Disposable;

  constructor(shell: Shell) {
    this.#shell = shell;
    this.#screen = new LiveScreen(shell.stdout);
    this.#ticking = systemClock.every(redrawMs, () => this.#draw());
  }

  show(event: DeployEvent): void {
    this.#follow(event);
    const lines = deployLines(event, this.#shell.paint);
    if (lines.length === 0) return; // bytes come often; the clock draws them
    this.#screen.draw([]);
    this.#shell.stdout.write(lines.map((line) => `${line}\n`).join(''));
    this.#draw();
  }

  async dispose(): Promise<void> {
    await this.#ticking.dispose();
    this.#screen.draw([]);
  }

  #follow(event: DeployEvent): void {
    if (event.kind === 'begun') return;
    if (event.kind !== 'progress') return void this.#underway.delete(event.stack);
    const { progress, stack } = event;
    const before = this.#underway.get(stack);
    if (progress.kind === 'stage') {
      this.#underway.set(stack, { stage: progress.stage, since: systemClock.monotonic() });
    } else if (progress.kind === 'bytes' && before !== undefined) {
      this.#underway.set(stack, { ...before, sent: { bytes: progress.sent, total: progress.total } });
    }
  }

  /** While it connects nothing is drawn: the terminal may be asked for a password. */
  #draw(): void {
    const { paint } = this.#shell;
    const now = systemClock.monotonic();
    const drawn = [...this.#underway].filter(([, { stage }]) => stage !== 'connecting');
    this.#screen.draw(
      drawn.map(([stack, { since, ...stage }]) =>
        underwayLine(stack, { ...stage, forMs: now - since }, paint, this.#screen.width),
      ),
    );
  }
}

const barWidth = 20;
/** Before that the pace of the first moments would be taken for all of it. */
const paceMs = 1_000;

/** `◌ shop  Uploading  ██████████░░░░░░░░░░  50 %, 6.0 MB of 12 MB, 4.1 s, about 4.1 s left`. */
export function underwayLine(stack: string, { stage, forMs, sent }: Underway, paint: Paint, width: number): string {
  const elapsed = durationText(forMs);
  const head = `${stack}  ${stageWord(stage)}`;
  if (sent === undefined || sent.total === 0) return fit(head, elapsed, paint, width);
  const share = Math.min(1, sent.bytes / sent.total);
  const full = Math.round(share * barWidth);
  const [block, empty] = paint.unicode ? ['█', '░'] : ['#', '.'];
  const bar = block.repeat(full) + empty.repeat(barWidth - full);
  const left =
    forMs > paceMs && share > 0 && share < 1 ? `, about ${durationText((forMs / share) * (1 - share))} left` : '';
  const figures = `${Math.floor(share * 100)} %, ${bytes(sent.bytes)} of ${bytes(sent.total)}, ${elapsed}${left}`;
  return fit(`${head}  ${bar}`, figures, paint, width);
}

function fit(head: string, figures: string, paint: Paint, width: number): string {
  const shown = cutText(head, width - 2);
  const room = Math.max(0, width - 4 - shown.length);
  const start = `${glyph(paint, 'connecting')} ${strong(paint, shown)}`;
  return room === 0 ? start : `${start}  ${quiet(paint, cutText(figures, room))}`;
}
