import type { RunCommands } from '../../../engine/commands.ts';
import { FailureError } from '../../../shared/failure.ts';
import type { CommandRunEvent, CommandRunRequest } from '../../../shared/run.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

/**
 * Commands that run nowhere: each says its words on stdout and its name on stderr, then ends with 0. `fail` ends with 3, `refused` is
 * never started, `cat` gives its input back, `slow` runs until it is cancelled.
 */
export class FakeRuns implements RunCommands {
  readonly asked: unknown[] = [];
  readonly #cancelled = new AbortController();
  readonly #input: Buffer[] = [];
  readonly #ended = Promise.withResolvers<void>();

  async *start(request: CommandRunRequest, signal: AbortSignal): AsyncGenerator<CommandRunEvent> {
    this.asked.push(['run', request]);
    const { task, persist } = request;
    const commands = task.kind === 'commands' ? task.commands : [['script', ...task.args]];
    yield { kind: 'begun', run: 'run-9' };
    if (commands[0]?.[0] === 'refused') {
      throw new FailureError({ code: 'queue-full', message: '100 commands wait for a session.', hint: 'Wait.' });
    }
    yield { kind: 'started', waitedMs: 1 };
    for (const [command, words] of commands.entries()) {
      const [name = ''] = words;
      if (name === 'slow') {
        yield { kind: 'output', command, stream: 'stdout', data: base64('running\n') };
        await this.#cancel(signal);
      }
      if (name === 'cat') await this.#ended.promise;
      const said = name === 'cat' ? Buffer.concat(this.#input).toString('base64') : base64(`${words.join(' ')}\n`);
      yield { kind: 'output', command, stream: 'stdout', data: said };
      yield { kind: 'output', command, stream: 'stderr', data: base64(`${name}!\n`) };
      const code = name === 'fail' ? 3 : 0;
      yield { kind: 'exited', command, code, durationMs: 4_200 };
      if (code !== 0 && !persist) return;
    }
  }

  async input(run: string, data: Buffer, end: boolean): Promise<void> {
    this.asked.push(['input', run, data.length, end]);
    this.#input.push(data);
    if (end) this.#ended.resolve();
  }

  cancel(run: string): void {
    this.asked.push(['cancel', run]);
    this.#cancelled.abort();
  }

  #cancel(signal: AbortSignal): Promise<never> {
    const either = AbortSignal.any([signal, this.#cancelled.signal]);
    return new Promise((_, reject) => {
      const working = setInterval(() => undefined, 1_000); // as a connection keeps its process alive
      const end = (): void => {
        clearInterval(working);
        reject(new FailureError({ code: 'cancelled', message: 'Cancelled.' }));
      };
      if (either.aborted) end();
      else either.addEventListener('abort', end, { once: true });
    });
  }
}
