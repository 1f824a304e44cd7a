import { statusDocument } from '../shared/status.ts';
import { forwardWord, localAddress } from '../shared/words.ts';
import { systemClock } from '../engine/base/clock.ts';
import { cleanText } from './clean-text.ts';
import { exitCode } from './exit.ts';
import { parseForwardSpec } from './forward-spec.ts';
import { glyph } from './paint.ts';
import { withRunning } from './running.ts';
import { printJson, type Shell } from './shell.ts';

/** `towline forwards`: one line each, with the id that the other commands take. */
export function listForwards(shell: Shell, options: { json?: boolean }): Promise<number> {
  return withRunning(shell, async (api) => {
    const { hosts } = statusDocument(await api.state.get(), systemClock.now());
    const forwards = hosts.flatMap((host) => host.forwards.map((forward) => ({ host: host.id, ...forward })));
    if (options.json) printJson(shell, forwards);
    else {
      for (const forward of forwards) {
        const { look, word } = forwardWord(forward);
        const text = [localAddress(forward), forward.container ?? 'by hand', word, forward.host, forward.id].map(
          cleanText,
        );
        shell.stdout.write(`${glyph(shell.paint, look)} ${text.join('  ')}\n`);
      }
    }
    return exitCode.fine;
  });
}

/** Prints the new forward's id. */
export function addForward(shell: Shell, hostId: string, text: string, options: { label?: string }): Promise<number> {
  const spec = parseForwardSpec(text);
  return withRunning(shell, async (api) => {
    const { forwardId } = await api.forwards.add({ hostId, ...spec, label: options.label });
    shell.stdout.write(`${forwardId}\n`);
    return exitCode.fine;
  });
}

export function removeForward(shell: Shell, hostId: string, forwardId: string): Promise<number> {
  return withRunning(shell, async (api) => {
    await api.forwards.remove({ hostId, forwardId });
    return exitCode.fine;
  });
}

/** One forward, all of a host, or all there are. */
export function switchForwards(
  shell: Shell,
  verb: 'pause' | 'resume',
  hostId?: string,
  forwardId?: string,
): Promise<number> {
  return withRunning(shell, async (api) => {
    await api.forwards[verb]({ hostId, forwardId });
    return exitCode.fine;
  });
}
