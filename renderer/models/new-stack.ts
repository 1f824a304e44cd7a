/** A stack as it is written into the form. */
export interface StackDraft {
  readonly name: string;
  readonly host: string;
  readonly dir: string;
  readonly files: string;
  readonly remoteDir: string;
}

/** A name made of the directory's: `~/code/My Shop` → `my-shop`. Empty where nothing is left of it. */
export function nameFromDir(dir: string): string {
  const last =
    dir
      .trim()
      .replace(/[/\\]+$/, '')
      .split(/[/\\]/)
      .at(-1) ?? '';
  return last
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+|-+$/g, '')
    .slice(0, 63);
}

/** What is wrong with the name; undefined where nothing is, or nothing is written yet. */
export function nameProblem(name: string, taken: readonly string[]): string | undefined {
  if (name === '') return undefined;
  if (taken.includes(name)) return `There is a stack ${name} already.`;
  if (!/^[a-z0-9][a-z0-9._-]{0,62}$/.test(name))
    return 'Small letters, digits, dots and dashes; a letter or digit first.';
  return undefined;
}

/** The stack of a draft; undefined while something is missing. */
export function stackOf(
  draft: StackDraft,
): { name: string; host: string; dir: string; files: string[]; remoteDir?: string } | undefined {
  const dir = draft.dir.trim();
  const remoteDir = draft.remoteDir.trim();
  if (draft.name === '' || draft.host === '' || dir === '') return undefined;
  const files = draft.files
    .split(',')
    .map((file) => file.trim())
    .filter((file) => file !== '');
  return { name: draft.name, host: draft.host, dir, files, ...(remoteDir === '' ? {} : { remoteDir }) };
}
