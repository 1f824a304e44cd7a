import { randomBytes } from 'node:crypto';
import { readIfThere, writeAtomically } from '../atomic-file.ts';

const form = /^[\w-]{32}$/;

/**
 * What a scraper proves itself with: kept in a file of the user's own (0600) so that Prometheus can be given its path, and the
 * same after a restart. It opens figures, never the app. Made where there is none; throws what the system says where it can't be.
 */
export async function scrapeToken(file: string): Promise<string> {
  const kept = (await readIfThere(file))?.trim();
  if (kept !== undefined && form.test(kept)) return kept;
  const token = randomBytes(24).toString('base64url');
  await writeAtomically(file, `${token}\n`);
  return token;
}
