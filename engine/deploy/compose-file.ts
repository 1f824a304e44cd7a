import { parse } from 'yaml';

/** A published port that a compose file asks for, on the host. */
export interface WantedPort {
  readonly service: string;
  readonly port: number;
  readonly protocol: string;
}

/** A path of this machine that a compose file speaks of, as it is written there. */
export interface PathReference {
  readonly service: string;
  readonly path: string;
  /** `file`: must be there and is read on start; `mount`: is made by Docker if missing; `context`: is built from. */
  readonly kind: 'env-file' | 'file' | 'mount' | 'context';
}

/** What we must know of a compose file before anything is sent. The remote's `compose config` remains the judge of it. */
export interface ComposeFile {
  readonly services: readonly string[];
  readonly builds: boolean;
  readonly references: readonly PathReference[];
  readonly ports: readonly WantedPort[];
}

export type ReadCompose = { kind: 'ok'; compose: ComposeFile } | { kind: 'invalid'; problem: string };

type Fields = Readonly<Record<string, unknown>>;

/** Reads a compose file with its variables filled in from `env`; variables that are not there are left empty. */
export function readCompose(text: string, env: ReadonlyMap<string, string>): ReadCompose {
  let root: unknown;
  try {
    root = parse(text, { merge: true, logLevel: 'error' });
  } catch (error) {
    return { kind: 'invalid', problem: (error as Error).message.split('\n')[0] ?? 'is no YAML' };
  }
  if (!isFields(root)) return { kind: 'invalid', problem: 'is not a mapping with `services`' };
  const filled = fill(root, env) as Fields;
  const services = Object.entries(isFields(filled['services']) ? filled['services'] : {});
  if (services.length === 0) return { kind: 'invalid', problem: 'has no services' };
  const broken = services.find(([, service]) => !isFields(service));
  if (broken !== undefined) return { kind: 'invalid', problem: `service ${broken[0]} is not a mapping` };
  const sources = new Map([...sourcesOf(filled, 'configs'), ...sourcesOf(filled, 'secrets')]);
  const known = services.map(([name, service]) => ({ name, service: service as Fields }));
  return {
    kind: 'ok',
    compose: {
      services: known.map(({ name }) => name),
      builds: known.some(({ service }) => service['build'] !== undefined),
      references: known.flatMap(({ name, service }) => referencesOf(name, service, sources)),
      ports: known.flatMap(({ name, service }) => list(service['ports']).flatMap((port) => wantedPort(name, port))),
    },
  };
}

function referencesOf(name: string, service: Fields, sources: ReadonlyMap<string, string>): PathReference[] {
  const build = service['build'];
  const context = isFields(build) ? (build['context'] ?? '.') : build;
  const named = [...list(service['configs']), ...list(service['secrets'])].map((entry) =>
    sources.get(String(isFields(entry) ? entry['source'] : entry)),
  );
  const envFiles = list(service['env_file']).flatMap((entry) => {
    if (!isFields(entry)) return [entry];
    return entry['required'] === false ? [] : [entry['path']];
  });
  const all: [PathReference['kind'], unknown[]][] = [
    ['context', [context]],
    ['env-file', envFiles],
    ['file', named],
    ['mount', list(service['volumes']).map(mountSource)],
  ];
  return all.flatMap(([kind, paths]) =>
    paths.flatMap((path) => (typeof path === 'string' && path !== '' ? [{ service: name, path, kind }] : [])),
  );
}

/** The path of a bind mount; undefined for named volumes. */
function mountSource(volume: unknown): unknown {
  if (isFields(volume)) return volume['type'] === 'bind' ? volume['source'] : undefined;
  const source = String(volume).split(':')[0] ?? '';
  return /^[./~]/.test(source) && String(volume).includes(':') ? source : undefined;
}

function sourcesOf(root: Fields, section: 'configs' | 'secrets'): [string, string][] {
  return Object.entries(isFields(root[section]) ? root[section] : {}).flatMap(([name, entry]) =>
    isFields(entry) && typeof entry['file'] === 'string' ? [[name, entry['file']] as [string, string]] : [],
  );
}

function wantedPort(service: string, entry: unknown): WantedPort[] {
  if (isFields(entry)) return range(service, textOf(entry['published']), textOf(entry['protocol'] ?? 'tcp'));
  const [address = '', protocol = 'tcp'] = String(entry).split('/');
  const parts = address.replace(/^\[[^\]]*\]:/, '').split(':');
  return parts.length < 2 ? [] : range(service, parts.at(-2) ?? '', protocol);
}

function range(service: string, text: string, protocol: string): WantedPort[] {
  const [low, high] = /^(\d+)(?:-(\d+))?$/.exec(text)?.slice(1).map(Number) ?? [];
  if (low === undefined || low === 0) return [];
  const last = Number.isNaN(high) || high === undefined ? low : Math.min(high, low + 1_000);
  return Array.from({ length: last - low + 1 }, (_, index) => ({ service, port: low + index, protocol }));
}

function fill(value: unknown, env: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return interpolate(value, env);
  if (Array.isArray(value)) return value.map((item) => fill(item, env));
  if (!isFields(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item, env)]));
}

const variable = /\$(?:\$|\{(\w+)(?:(:?[-?+])([^{}]*))?\}|(\w+))/g;

function interpolate(text: string, env: ReadonlyMap<string, string>): string {
  return text.replace(variable, (_, braced?: string, operator?: string, word?: string, bare?: string) => {
    const name = braced ?? bare;
    if (name === undefined) return '$';
    const value = env.get(name);
    const isSet = value !== undefined && !(operator?.startsWith(':') && value === '');
    const otherwise = word ?? '';
    if (operator?.endsWith('+')) return isSet ? otherwise : '';
    return isSet ? value : operator?.endsWith('-') ? otherwise : '';
  });
}

/** Variables that a compose file needs (`${NAME:?}`), or would like (`${NAME}` without a default), and that `env` lacks. */
export function missingVariables(
  text: string,
  env: ReadonlyMap<string, string>,
): { required: string[]; unset: string[] } {
  const missing = { required: new Set<string>(), unset: new Set<string>() };
  const code = text.replace(/^\s*#.*$/gm, '');
  for (const [, braced, operator, , bare] of code.matchAll(variable)) {
    const name = braced ?? bare;
    if (name === undefined || (env.has(name) && !(operator === ':?' && env.get(name) === ''))) continue;
    if (operator?.endsWith('?')) missing.required.add(name);
    else if (operator === undefined) missing.unset.add(name);
  }
  return { required: [...missing.required], unset: [...missing.unset] };
}

/** The variables of a `.env` file. */
export function parseEnv(text: string): Map<string, string> {
  const entries = text.split(/\r?\n/).flatMap((line): [string, string][] => {
    const [, name, raw = ''] = /^\s*(?:export\s+)?([\w.]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    return name === undefined ? [] : [[name, raw.replace(/^(['"])(.*)\1$/, '$2')]];
  });
  return new Map(entries);
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function list(value: unknown): unknown[] {
  if (Array.isArray(value)) return value as unknown[];
  return value === undefined || value === null ? [] : [value];
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
