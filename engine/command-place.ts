import { constants } from 'node:fs';
import { access, realpath } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { CommandPlace } from '../shared/machine.ts';

/** Where the `towline` command is. `file` is the one that belongs to this engine; it is told as it is, wherever links lead. */
export async function commandPlace(
  file: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Promise<CommandPlace> {
  const real = file === undefined ? undefined : await realFile(file);
  const found = await onPath('towline', env['PATH'] ?? '');
  const ours = found !== undefined && (await realFile(found)) === real;
  const install = file === undefined || ours ? undefined : linkLine(quoted(file));
  return {
    ...(file === undefined ? {} : { file }),
    ...(found === undefined ? {} : { onPath: found }),
    ...(install === undefined ? {} : { install }),
  };
}

async function onPath(name: string, path: string): Promise<string | undefined> {
  for (const directory of path.split(delimiter).filter((entry) => entry !== '')) {
    const candidate = join(directory, name);
    try {
      await access(candidate, constants.X_OK);
      return candidate;
    } catch {
      // not here
    }
  }
  return undefined;
}

async function realFile(file: string): Promise<string> {
  try {
    return await realpath(file);
  } catch {
    return file;
  }
}

function linkLine(file: string): string {
  return `mkdir -p ~/.local/bin && chmod +x ${file} && ln -sf ${file} ~/.local/bin/towline`;
}

function quoted(file: string): string {
  return /^[\w./@:+-]+$/.test(file) ? file : `'${file.replaceAll("'", `'\\''`)}'`;
}
