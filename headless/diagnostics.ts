import { lstat, writeFile } from 'node:fs/promises';
import { writeAtomically } from '../engine/atomic-file.ts';
import type { DiagnosticsBundle } from '../shared/diagnostics.ts';
import { FailureError } from '../shared/failure.ts';
import { cleanText } from './clean-text.ts';
import { exitCode } from './exit.ts';
import { withOwnEngine } from './own-engine.ts';
import { withRunning } from './running.ts';
import type { Shell } from './shell.ts';

export interface DiagnosticsOptions {
  readonly output?: string;
  readonly host?: string;
  readonly force?: boolean;
}

/** `towline diagnostics`: what the running engine knows; without one, or where it no longer answers, what its files tell. */
export async function diagnostics(shell: Shell, { output, host, force }: DiagnosticsOptions): Promise<number> {
  if (output !== undefined && force !== true) await refuseExisting(output);
  const bundle = await collect(shell, host === undefined ? {} : { hostId: host });
  const file = output ?? bundle.name;
  await write(file, Buffer.from(bundle.zip, 'base64'), force === true);
  shell.stdout.write(`${cleanText(file)}\n`);
  const width = Math.max(...bundle.contents.map(({ name }) => name.length));
  for (const { name, about, bytes } of bundle.contents) {
    const size = `${Math.ceil(bytes / 1_000)} kB`;
    shell.stderr.write(`  ${name.padEnd(width)}  ${size.padStart(8)}  ${about}\n`);
  }
  shell.stderr.write('Secrets are replaced. Names and addresses are not: look through it before you give it away.\n');
  return exitCode.fine;
}

/** Those with which an engine that is there does not help. */
const speechless = new Set(['engine-silent', 'engine-gone', 'protocol-mismatch']);

async function collect(shell: Shell, request: { hostId?: string }): Promise<DiagnosticsBundle> {
  const alone = (): Promise<DiagnosticsBundle> =>
    withOwnEngine(shell, ({ engine, signal }) => engine.diagnostics.collect({ ...request, alone: true }, signal));
  try {
    return await withRunning(shell, (api) => api.diagnostics.collect(request), alone);
  } catch (error) {
    if (!(error instanceof FailureError) || !speechless.has(error.code)) throw error;
    shell.stderr.write(`${cleanText(error.message)} What follows is from its files.\n`);
    return alone();
  }
}

async function refuseExisting(file: string): Promise<void> {
  const found = await lstat(file).catch(() => undefined);
  if (found !== undefined) throw exists(file);
}

/** For the user's eyes only (0600). */
async function write(file: string, content: Buffer, force: boolean): Promise<void> {
  try {
    if (force) await writeAtomically(file, content);
    else await writeFile(file, content, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw exists(file);
    throw new FailureError(
      {
        code: 'file-unwritable',
        message: `${file} could not be written: ${message}.`,
        hint: 'Name another place with -o FILE.',
      },
      { cause: error },
    );
  }
}

function exists(file: string): FailureError {
  return new FailureError({
    code: 'file-exists',
    message: `There is a file ${file} already.`,
    hint: 'Name another one with -o FILE, or replace it with --force.',
  });
}
