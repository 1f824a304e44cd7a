import { join } from 'node:path';
import type { SshAlias } from '../shared/host.ts';
import { readConfigTree, type PlacedLine } from './ssh-config-tree.ts';

const patternSigns = /[*?!]/;

/**
 * The names that the user's ssh_config gives to single hosts, in its order, each once. `where` is what stands in its own
 * block: enough to recognise it, while what ssh makes of it is asked when it is connected.
 */
export async function sshAliases(home: string): Promise<SshAlias[]> {
  const aliases = new Map<string, SshAlias>();
  let current: { readonly names: readonly string[]; readonly lines: Map<string, string> } | undefined;
  const close = (): void => {
    const { names = [], lines = new Map<string, string>() } = current ?? {};
    for (const name of names) if (!aliases.has(name)) aliases.set(name, { name, where: describe(name, lines) });
    current = undefined;
  };
  for (const { keyword, args } of flat(await readConfigTree(join(home, '.ssh', 'config'), home))) {
    if (keyword === 'host' || keyword === 'match') close();
    if (keyword === 'host') current = { names: args.filter((name) => !patternSigns.test(name)), lines: new Map() };
    else if (current?.lines.has(keyword) === false) current.lines.set(keyword, args.join(' '));
  }
  close();
  return [...aliases.values()];
}

function flat(lines: readonly PlacedLine[]): PlacedLine[] {
  return lines.flatMap((line) => (line.keyword === 'include' ? line.included.flatMap(flat) : [line]));
}

function describe(name: string, lines: ReadonlyMap<string, string>): string {
  const user = lines.get('user');
  const port = lines.get('port');
  const jump = lines.get('proxyjump');
  const host = (lines.get('hostname') ?? name).replaceAll('%h', name);
  return `${user === undefined ? '' : `${user}@`}${host}${port === undefined ? '' : `:${port}`}${jump === undefined ? '' : ` via ${jump}`}`;
}
