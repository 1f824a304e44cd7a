import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { FailureError } from '../../shared/failure.ts';
import { expandFileGlob } from './file-glob.ts';
import { matchesPatternList } from './pattern.ts';
import { splitConfigLine, type ConfigLine } from './ssh-config-line.ts';
import { matchesCriteria, type MatchContext } from './ssh-match.ts';
import { cumulative, firstOf, type SshSettings } from './ssh-settings.ts';
import { expandHome } from './ssh-tokens.ts';

export interface ConfigQuery {
  /** The name as typed, and what the target itself says. */
  readonly originalHost: string;
  readonly user?: string;
  readonly port?: number;
  readonly localUser: string;
  readonly home: string;
  /** In the order of precedence; Include is relative to each one's own folder. */
  readonly files: readonly string[];
}

export interface ConfigReading {
  readonly settings: SshSettings;
  /** What only OpenSSH itself can evaluate, with its place: `Match exec` above all. */
  readonly unsupported: readonly string[];
}

const deepestInclude = 16;
const raw: ReadonlySet<string> = new Set(['proxycommand', 'localcommand', 'remotecommand']);

/** Reads ssh_config files as ssh does where OpenSSH's client is missing. Throws `ssh-config-invalid` with the line. */
export async function readSshConfig(query: ConfigQuery): Promise<ConfigReading> {
  const reader = new ConfigReader(query);
  await reader.pass(false);
  if (reader.wantsFinalPass) await reader.pass(true);
  return reader.reading;
}

class ConfigReader {
  readonly #query: ConfigQuery;
  readonly #settings = new Map<string, string[]>();
  readonly #unsupported = new Set<string>();
  #final = false;
  wantsFinalPass = false;

  constructor(query: ConfigQuery) {
    this.#query = query;
    if (query.user !== undefined) this.#settings.set('user', [query.user]);
    if (query.port !== undefined) this.#settings.set('port', [String(query.port)]);
  }

  get reading(): ConfigReading {
    return { settings: this.#settings, unsupported: [...this.#unsupported] };
  }

  async pass(final: boolean): Promise<void> {
    this.#final = final;
    if (final) this.#settings.set('hostname', [this.#hostName()]); // which a second look does not change
    for (const file of this.#query.files) await this.#readFile(file, dirname(file), true, 0);
  }

  async #readFile(file: string, base: string, applies: boolean, depth: number): Promise<void> {
    const text = await readFile(file, 'utf8').catch((error: unknown) => {
      const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
      if (missing) return '';
      throw invalid(file, 0, 'it cannot be read', error);
    });
    let active = applies;
    for (const [index, source] of text.split('\n').entries()) {
      const number = index + 1;
      const line = splitted(source, file, number);
      if (line === undefined) continue;
      if (line.args.length === 0) throw invalid(file, number, `${line.keyword} has no argument`);
      if (line.keyword === 'host') active = applies && matchesPatternList(this.#soughtHost(), line.args);
      else if (line.keyword === 'match') active = this.#matches(line, file, number) && applies;
      else if (line.keyword === 'include') await this.#include(line, base, active, depth, `${file}:${number}`);
      else if (active) this.#apply(line);
    }
  }

  async #include(line: ConfigLine, base: string, active: boolean, depth: number, place: string): Promise<void> {
    if (depth >= deepestInclude) {
      throw new FailureError({
        code: 'ssh-config-invalid',
        message: `${place} includes files deeper than ssh allows.`,
      });
    }
    for (const pattern of line.args) {
      const path = expandHome(pattern, this.#query.home);
      const files = await expandFileGlob(isAbsolute(path) ? path : join(base, path));
      for (const file of files) await this.#readFile(file, base, active, depth + 1);
    }
  }

  /** The second look is for the name that the first has found. */
  #soughtHost(): string {
    return this.#final ? this.#hostName() : this.#query.originalHost;
  }

  #hostName(): string {
    const { originalHost } = this.#query;
    const hostName = firstOf(this.#settings, 'hostname');
    return hostName?.replace(/%(.)/g, (_, c: string) => (c === 'h' ? originalHost : c)) ?? originalHost;
  }

  #matches(line: ConfigLine, file: string, number: number): boolean {
    const { originalHost, localUser } = this.#query;
    const context: MatchContext = {
      originalHost,
      hostName: this.#hostName(),
      user: firstOf(this.#settings, 'user') ?? localUser,
      localUser,
      final: this.#final,
    };
    const result = matchesCriteria(line.args, context);
    if (result.final) this.wantsFinalPass = true;
    for (const criterion of result.unsupported) this.#unsupported.add(`Match ${criterion} (${file}:${number})`);
    if (result.problem !== undefined) throw invalid(file, number, result.problem);
    return result.matches;
  }

  /** Of a jump and a command the first counts; a command of `none` rules out a jump, a jump of `none` no command. */
  #isDecided(keyword: string): boolean {
    if (keyword === 'proxyjump') return this.#settings.has('proxycommand');
    const jump = firstOf(this.#settings, 'proxyjump');
    return keyword === 'proxycommand' && jump !== undefined && !isNone(jump);
  }

  #apply(line: ConfigLine): void {
    const args = raw.has(line.keyword) ? [line.rest] : line.args;
    if (this.#isDecided(line.keyword)) return;
    const present = this.#settings.get(line.keyword);
    if (present === undefined) this.#settings.set(line.keyword, [...args]);
    else if (cumulative.has(line.keyword)) present.push(...args.filter((arg) => !present.includes(arg)));
  }
}

function isNone(value: string | undefined): boolean {
  return value?.toLowerCase() === 'none';
}

function splitted(source: string, file: string, number: number): ConfigLine | undefined {
  try {
    return splitConfigLine(source);
  } catch (error) {
    throw invalid(file, number, error instanceof Error ? error.message : String(error), error);
  }
}

function invalid(file: string, line: number, problem: string, cause?: unknown): FailureError {
  const place = line === 0 ? file : `${file}:${line}`;
  return new FailureError(
    {
      code: 'ssh-config-invalid',
      message: `Your ssh_config has a mistake: ${place}: ${problem}.`,
      hint: `Correct ${place}.`,
    },
    cause === undefined ? {} : { cause },
  );
}
