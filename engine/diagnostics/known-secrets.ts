import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { readIfThere } from '../atomic-file.ts';
import { isSecretName } from '../redact.ts';

export interface SecretPlaces {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Directories of stacks, with their `.env` files. */
  readonly stackDirs: readonly string[];
  /** Files that hold nothing but a secret. */
  readonly tokenFiles: readonly string[];
}

/** Shorter ones would be found everywhere. */
const minTelling = 4;
const minOther = 6;

/** What variables hold that are no secrets, and without which nothing could be understood. */
const common =
  /^(?:\d{1,5}|(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?|true|false|localhost|production|development|staging|testing|default|enabled|disabled|[A-Z][a-z]+\/[A-Z][a-z_]+)$/;

/** Where a shell is, which sounds like a password. */
const shellPlaces = new Set(['PWD', 'OLDPWD']);

const envFile = /^\.env|\.env$/;

/**
 * Values that must not be told: of variables with a telling name in the environment, of the `.env` files at the top of the stacks'
 * directories, and of our own token files.
 */
export async function findSecrets({ env, stackDirs, tokenFiles }: SecretPlaces): Promise<string[]> {
  const found = new Set<string>();
  for (const [name, value = ''] of Object.entries(env)) {
    if (!isSecretName(name) || shellPlaces.has(name)) continue;
    for (const piece of piecesOf(value, minTelling)) if (!common.test(piece)) found.add(piece);
  }
  for (const dir of new Set(stackDirs)) {
    const names = await readdir(dir).catch(() => []);
    for (const name of names.filter((each) => envFile.test(each))) {
      const text = await readIfThere(join(dir, name)).catch(() => undefined);
      for (const [variable, value = ''] of Object.entries(parseEnv(text ?? ''))) {
        const telling = isSecretName(variable);
        const pieces = piecesOf(value, telling ? minTelling : minOther);
        for (const piece of pieces) if (telling || !common.test(piece)) found.add(piece);
      }
    }
  }
  for (const file of tokenFiles) {
    const token = (await readIfThere(file).catch(() => undefined))?.trim() ?? '';
    if (token.length >= minTelling) found.add(token);
  }
  return [...found];
}

/** A value, and its lines where it has several: a key is logged line by line too. */
function piecesOf(value: string, least: number): string[] {
  return [value, ...value.split('\n')].map((piece) => piece.trim()).filter((piece) => piece.length >= least);
}
