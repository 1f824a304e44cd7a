/**
 * What ssh_config says about one host: keyword in lower case → the arguments of the line that won (`identityfile`: those
 * of all lines). Tokens and `~` are as written. Both `ssh -G` and our own parser end here.
 */
export type SshSettings = ReadonlyMap<string, readonly string[]>;

/** Keywords whose lines add up; of all others the first line wins. */
export const cumulative: ReadonlySet<string> = new Set(['identityfile', 'certificatefile']);

export function firstOf(settings: SshSettings, keyword: string): string | undefined {
  return settings.get(keyword)?.[0];
}
