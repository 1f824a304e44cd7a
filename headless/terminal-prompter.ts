import type { EngineOptions } from '../engine/engine.ts';
import { askPrompt, type Ask } from './prompts.ts';
import { readAnswer } from './read-answer.ts';
import type { Shell } from './shell.ts';

export interface PrompterHooks {
  /** What else uses the terminal keeps away from it between the two. */
  readonly before?: () => void;
  readonly after?: () => void;
  readonly onInterrupt?: () => void;
}

/**
 * The engine's `prompter` where there is a person at the terminal, else nothing. Questions go to stderr, as results may
 * be piped, and are put one at a time, whichever host they come from; a withdrawn one disappears.
 */
export function terminalPrompter(shell: Shell, hooks: PrompterHooks = {}): Pick<EngineOptions, 'prompter'> {
  const { stdin, stderr } = shell;
  if (!stdin.isTTY || !stderr.isTTY) return {};
  let turn: Promise<unknown> = Promise.resolve();
  const interrupt = hooks.onInterrupt ?? (() => process.kill(process.pid, 'SIGINT'));
  const prompter: NonNullable<EngineOptions['prompter']> = (request, signal) => {
    const asked = turn.then(async () => {
      if (signal.aborted) return undefined;
      hooks.before?.();
      try {
        const ask: Ask = (question, echo) =>
          readAnswer({ keyboard: stdin, screen: stderr, question, echo, signal }, interrupt);
        return await askPrompt(request, ask, (text) => stderr.write(text));
      } finally {
        hooks.after?.();
      }
    });
    turn = asked.catch(() => undefined); // the next question does not depend on this one
    return asked;
  };
  return { prompter };
}
