import { readdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { hostProfileSchema, type HostProfile } from '../shared/host.ts';
import type { HostCandidate } from '../shared/host-candidate.ts';
import { formatTarget, hostIdOf, parseTarget } from '../shared/target.ts';
import { dockerConfigDir } from './context.ts';
import { jsonOrUndefined } from './json-text.ts';
import { aliasesOf, readConfigTree, type PlacedLine } from './ssh-config-tree.ts';

const contextSchema = z.object({ Name: z.string(), Endpoints: z.object({ docker: z.object({ Host: z.string() }) }) });

export interface ImportOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Those that are there already are left out. */
  readonly saved: readonly HostProfile[];
}

/** What the user's ssh_config and docker contexts name, less what is saved; files that are missing or broken name nothing. */
export async function findHostCandidates({ env, saved }: ImportOptions): Promise<HostCandidate[]> {
  const home = env['HOME'] || homedir();
  const tree = await readConfigTree(join(home, '.ssh', 'config'), home);
  const contexts = await readContexts(env['DOCKER_CONFIG'] ? dockerConfigDir(env) : join(home, '.docker'));
  return newCandidates([...candidatesOfConfig(tree), ...contexts], saved);
}

/** The aliases of ssh_config: names that stand for one host. */
export function candidatesOfConfig(lines: readonly PlacedLine[]): HostCandidate[] {
  return aliasesOf(lines).flatMap(({ alias, file, number }) => {
    const target = targetOf(alias);
    return target === undefined
      ? []
      : [{ name: nameOf(alias, target), target, from: 'ssh-config' as const, file: `${file}:${number}` }];
  });
}

/** The host of a docker context whose daemon is reached by ssh; undefined for all others. */
export function candidateOfContext(text: string, file: string): HostCandidate | undefined {
  const meta = contextSchema.safeParse(jsonOrUndefined(text));
  if (!meta.success) return undefined;
  const { Name: name, Endpoints: endpoints } = meta.data;
  const [, place = '', path = ''] = /^(ssh:\/\/[^/?#]+)(\/[^?#]*)?$/i.exec(endpoints.docker.Host) ?? [];
  const target = place === '' ? undefined : targetOf(place);
  if (target === undefined) return undefined;
  const socket = path.length > 1 ? { dockerSocket: path } : {};
  return { name: nameOf(name, target), target, from: 'docker-context', file, ...socket };
}

/** Without those that are saved, and with each target and each name once. */
export function newCandidates(candidates: readonly HostCandidate[], saved: readonly HostProfile[]): HostCandidate[] {
  const targets = new Set(saved.map(({ target }) => target));
  const names = new Set(saved.map(({ id }) => id));
  const found: HostCandidate[] = [];
  for (const candidate of candidates) {
    const name = names.has(candidate.name) ? hostIdOf(parseTarget(candidate.target)) : candidate.name;
    if (targets.has(candidate.target) || names.has(name)) continue;
    targets.add(candidate.target);
    names.add(name);
    found.push({ ...candidate, name });
  }
  return found;
}

function targetOf(text: string): string | undefined {
  try {
    return formatTarget(parseTarget(text));
  } catch {
    return undefined; // a name that no host has: of no use to us, and no mistake of the user's
  }
}

function nameOf(name: string, target: string): string {
  return hostProfileSchema.shape.id.safeParse(name).success ? name : hostIdOf(parseTarget(target));
}

async function readContexts(configDir: string): Promise<HostCandidate[]> {
  const folder = join(configDir, 'contexts', 'meta');
  const names = await readdir(folder).catch(() => []);
  const found = await Promise.all(
    names.sort().map(async (name) => {
      const file = join(folder, name, 'meta.json');
      return candidateOfContext(await readFile(file, 'utf8').catch(() => ''), file);
    }),
  );
  return found.filter((candidate) => candidate !== undefined);
}
