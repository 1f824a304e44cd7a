import type { Failure } from '../../../shared/failure.ts';
import { fingerprintOf } from '../fingerprint.ts';
import { readKnownHosts } from '../known-hosts-file.ts';
import type { Place } from '../known-hosts.ts';

/** The fingerprint of the key that ssh knows and the host no longer has: ssh names only its place. */
export async function knownFingerprint(said: string): Promise<string | undefined> {
  const place = placeOf(said);
  if (place === undefined) return undefined;
  const entries = await readKnownHosts([place.file]).catch(() => []);
  const entry = entries.find(({ line }) => line === place.line);
  return entry === undefined ? undefined : fingerprintOf(entry.key);
}

/** What ssh says of a host key that has changed, with the known one's fingerprint where it could be read. */
export function hostKeyChanged(said: string, where: string, fingerprint: string | undefined): Failure {
  const shown = /The fingerprint for the (\S+) key sent by the remote host is\s+(SHA256:[A-Za-z0-9+/]+)/.exec(said);
  const place = placeOf(said);
  const name = /^\s*ssh-keygen -f .+ -R ["']?([^\s"']+)["']?\s*$/m.exec(said)?.[1];
  const now = shown === null ? '' : ` It now shows the ${shown[1]} key ${shown[2]}.`;
  const known =
    place === undefined
      ? ''
      : ` The known key${fingerprint === undefined ? '' : ` ${fingerprint}`} stands in ${place.file}:${place.line}.`;
  const command =
    place === undefined || name === undefined ? '' : `: ssh-keygen -f ${quoted(place.file)} -R ${quoted(name)}`;
  return {
    code: 'host-key-changed',
    message: `The key of ${where} has changed.${now}${known} Somebody may be in between.`,
    hint: `If its owner confirms the new key, forget the old one${command === '' ? '.' : command}`,
  };
}

function placeOf(said: string): Place | undefined {
  const [, file, line] = /Offending (?:\S+ )?key in (.+):(\d+)/.exec(said) ?? [];
  return file === undefined ? undefined : { file, line: Number(line) };
}

/** For a POSIX shell, so that the command can be pasted as it stands. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
