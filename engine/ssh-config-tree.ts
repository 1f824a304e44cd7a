import { readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { expandFileGlob } from './ssh/file-glob.ts';
import { matchesPatternList } from './ssh/pattern.ts';
import { splitConfigLine, type ConfigLine } from './ssh/ssh-config-line.ts';
import { expandHome } from './ssh/ssh-tokens.ts';

/** A line of ssh_config with its place, and for an Include the files it brought in. */
export interface PlacedLine extends ConfigLine {
  readonly file: string;
  readonly number: number;
  readonly included: readonly (readonly PlacedLine[])[];
}

/**
 * The files as they are written, Includes in their places: for telling a person what stands where. What they mean for a
 * host is decided by engine/ssh. A file that is missing or can't be read has no lines; a line with an open quote is left out.
 */
export function readConfigTree(file: string, home: string): Promise<PlacedLine[]> {
  return read(file, home, []);
}

/** A file that is being read already is not included again: ssh would give up on it. */
async function read(file: string, home: string, within: readonly string[]): Promise<PlacedLine[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const chain = [...within, file];
  const lines: PlacedLine[] = [];
  for (const [index, source] of text.split('\n').entries()) {
    const line = readable(source);
    if (line === undefined) continue;
    const files = line.keyword === 'include' ? await filesOf(line.args, home) : [];
    const included = await Promise.all(
      files.filter((path) => !chain.includes(path)).map((path) => read(path, home, chain)),
    );
    lines.push({ ...line, file, number: index + 1, included });
  }
  return lines;
}

/** Names after `Host` that are one host each: no patterns, no negations; each with the place where it comes first. */
export function aliasesOf(lines: readonly PlacedLine[]): { alias: string; file: string; number: number }[] {
  const all = lines.flatMap((line): { alias: string; file: string; number: number }[] => {
    if (line.keyword === 'include') return line.included.flatMap(aliasesOf);
    if (line.keyword !== 'host') return [];
    return line.args
      .filter((arg) => !/[*?!]/.test(arg))
      .map((alias) => ({ alias, file: line.file, number: line.number }));
  });
  return all.filter(({ alias }, index) => all.findIndex((other) => other.alias === alias) === index);
}

/** The lines that speak of a host by `Host` blocks or for all hosts; a `Match` stands for its block, which ssh itself judges. */
export function linesFor(host: string, lines: readonly PlacedLine[]): PlacedLine[] {
  let active = true;
  const found: PlacedLine[] = [];
  for (const line of lines) {
    if (line.keyword === 'host') active = matchesPatternList(host, line.args);
    else if (line.keyword === 'match') {
      active = false;
      found.push(line);
    } else if (active)
      found.push(...(line.keyword === 'include' ? line.included.flatMap((file) => linesFor(host, file)) : [line]));
  }
  return found;
}

function readable(source: string): ConfigLine | undefined {
  try {
    return splitConfigLine(source);
  } catch {
    return undefined;
  }
}

/** A relative Include is looked for in ~/.ssh, whichever file it is in. */
async function filesOf(patterns: readonly string[], home: string): Promise<string[]> {
  const paths = patterns.map((pattern) => expandHome(pattern, home));
  const found = await Promise.all(
    paths.map((path) => expandFileGlob(isAbsolute(path) ? path : join(home, '.ssh', path))),
  );
  return found.flat();
}
