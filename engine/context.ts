import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { FailureError } from '../shared/failure.ts';
import { readIfThere, writeAtomically } from './atomic-file.ts';
import { jsonOrUndefined } from './json-text.ts';

/** The Docker CLI's own format of contexts/meta/SHA256(name)/meta.json; `Metadata` may hold fields of one's own. */
const metaSchema = z.object({
  Name: z.string(),
  Metadata: z.looseObject({ towline: z.object({ host: z.string() }).optional() }),
  Endpoints: z.object({ docker: z.object({ Host: z.string() }).loose().optional() }),
});

/** What became of it: nothing was done where all was as wanted. */
export type ContextChange = { readonly name: string; readonly changed: boolean };

export function dockerConfigDir(env: Readonly<Record<string, string | undefined>> = process.env): string {
  return env['DOCKER_CONFIG'] || join(env['HOME'] || homedir(), '.docker');
}

export function contextName(hostId: string): string {
  return `towline-${hostId}`;
}

/** Registers the host's local Docker socket as a `docker context`. One that Towline did not make is left alone: `context-not-ours`. */
export async function installContext(configDir: string, hostId: string, socket: string): Promise<ContextChange> {
  const name = contextName(hostId);
  const host = `unix://${socket}`;
  const existing = await readOurs(configDir, name);
  if (existing?.Endpoints.docker?.Host === host) return { name, changed: false };
  const meta = {
    Name: name,
    Metadata: { Description: `${hostId} through Towline`, towline: { host: hostId } },
    Endpoints: { docker: { Host: host, SkipTLSVerify: false } },
  };
  await writeAtomically(metaFile(configDir, name), JSON.stringify(meta));
  return { name, changed: true };
}

/** Whether the context is there and leads to that socket. Rejects with `context-not-ours`. */
export async function isContextInstalled(configDir: string, hostId: string, socket: string): Promise<boolean> {
  const existing = await readOurs(configDir, contextName(hostId));
  return existing?.Endpoints.docker?.Host === `unix://${socket}`;
}

/** Takes the context away again. One in use by the Docker CLI stays: `context-in-use`. */
export async function removeContext(configDir: string, hostId: string): Promise<ContextChange> {
  const name = contextName(hostId);
  if ((await readOurs(configDir, name)) === undefined) return { name, changed: false };
  if ((await currentContext(configDir)) === name) {
    throw new FailureError({
      code: 'context-in-use',
      message: `${name} is the current context of the Docker CLI.`,
      hint: 'Run `docker context use default`, then try again.',
    });
  }
  await rm(contextDir(configDir, name), { recursive: true });
  return { name, changed: true };
}

async function readOurs(configDir: string, name: string): Promise<z.infer<typeof metaSchema> | undefined> {
  const file = metaFile(configDir, name);
  const text = await readIfThere(file);
  if (text === undefined) return undefined;
  const meta = metaSchema.safeParse(jsonOrUndefined(text));
  if (meta.success && meta.data.Metadata.towline !== undefined) return meta.data;
  throw new FailureError({
    code: 'context-not-ours',
    message: `There is a docker context ${name} that Towline did not make.`,
    hint: `Rename it or remove it with \`docker context rm ${name}\`, then try again. Nothing was changed.`,
  });
}

async function currentContext(configDir: string): Promise<string | undefined> {
  try {
    const config = JSON.parse(await readFile(join(configDir, 'config.json'), 'utf8')) as { currentContext?: unknown };
    return typeof config.currentContext === 'string' ? config.currentContext : undefined;
  } catch {
    return undefined; // no configuration, or one that the Docker CLI cannot read either
  }
}

function contextDir(configDir: string, name: string): string {
  return join(configDir, 'contexts', 'meta', createHash('sha256').update(name).digest('hex'));
}

function metaFile(configDir: string, name: string): string {
  return join(contextDir(configDir, name), 'meta.json');
}
