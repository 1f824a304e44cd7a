import type { Disposable } from '../engine/base/disposables.ts';
import type { EngineCommands } from '../engine/commands.ts';
import type { EngineOptions } from '../engine/engine.ts';
import { resolvePaths, type Paths } from '../engine/paths.ts';
import type { Failure } from '../shared/failure.ts';
import { exitCodeOf, failureText } from './exit.ts';
import { paintFor, type Paint } from './paint.ts';

/** An engine as whoever made it holds it. */
export interface OwnedEngine extends EngineCommands, Disposable {
  start(): Promise<void>;
}

/** What a command has of the world around it. Results go to `stdout`, everything else to `stderr`. */
export interface Shell {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly paths: Paths;
  readonly paint: Paint;
  createEngine(options: EngineOptions): Promise<OwnedEngine>;
}

export function systemShell(): Shell {
  const { stdin, stdout, stderr, env } = process;
  return {
    stdin,
    stdout,
    stderr,
    env,
    paths: resolvePaths(),
    paint: paintFor(stdout, env),
    async createEngine(options) {
      const { Engine } = await import('../engine/engine.ts');
      return new Engine(options);
    },
  };
}

/** Prints why a command failed; the result is its exit code. */
export function fail(shell: Shell, failure: Failure): number {
  shell.stderr.write(failureText(failure));
  return exitCodeOf(failure);
}

export function printJson(shell: Shell, document: unknown): void {
  shell.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
}
