import { lookup } from 'node:dns/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { DoctorStep } from '../../shared/doctor.ts';
import { toFailure } from '../../shared/failure.ts';
import type { HostProfile } from '../../shared/host.ts';
import { parseTarget } from '../../shared/target.ts';
import type { Clock } from '../base/clock.ts';
import { agentSocket, listAgentKeys } from '../ssh/agent.ts';
import { fingerprintOf } from '../ssh/fingerprint.ts';
import { readKeyFile, readPublicKey } from '../ssh/private-key.ts';
import type { ResolvedHost } from '../ssh/resolved-host.ts';
import { resolveSshHost, type Resolution } from '../ssh/ssh-config.ts';
import { linesFor, readConfigTree } from '../ssh-config-tree.ts';
import { here } from './fixes.ts';
import { step } from './step.ts';

/** What a target means on this machine. */
export interface ResolveEvidence {
  readonly resolution: Resolution;
  /** Lines of the user's ssh_config that speak of it, with their places. */
  readonly lines: readonly string[];
  /** Undefined where a proxy or jump host finds the way. */
  readonly addresses: readonly string[] | undefined;
  /** Fingerprint → whose key it is: a file, or what the agent calls it. */
  readonly keyNames: ReadonlyMap<string, string>;
}

interface LookOptions {
  readonly profile: HostProfile;
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Rejects when ssh_config has a mistake or the target is none; a name that is not found has no addresses. */
export async function lookAtTarget({ profile, env, clock, signal }: LookOptions): Promise<ResolveEvidence> {
  const home = env['HOME'] ?? homedir();
  const target = parseTarget(profile.target);
  const resolution = await resolveSshHost(target, {
    ...{ home, env, signal },
    ...(profile.sshConfigFile === undefined ? {} : { configFile: profile.sshConfigFile }),
    overrides: {
      ...(profile.identityFile === undefined ? {} : { identityFile: profile.identityFile }),
      ...(profile.knownHostsFile === undefined ? {} : { knownHostsFile: profile.knownHostsFile }),
    },
  });
  const { host } = resolution;
  const direct = host.proxyCommand === undefined && host.proxyJump.length === 0;
  const file = profile.sshConfigFile ?? join(home, '.ssh', 'config');
  return {
    resolution,
    lines:
      file === 'none'
        ? []
        : linesFor(target.host, await readConfigTree(file, home)).map(
            (line) => `${line.file}:${line.number} ${line.keyword} ${line.rest.trim()}`,
          ),
    addresses: direct ? await addressesOf(host) : undefined,
    keyNames: await keyNames(host, env, clock),
  };
}

async function addressesOf({ hostName, addressFamily }: ResolvedHost): Promise<string[]> {
  const family = addressFamily === 'inet' ? 4 : addressFamily === 'inet6' ? 6 : 0;
  const found = await lookup(hostName, { all: true, family }).catch(() => []);
  return [...new Set(found.map(({ address }) => address))];
}

async function keyNames(host: ResolvedHost, env: NodeJS.ProcessEnv, clock: Clock): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  const socket = agentSocket(host.identityAgent, env);
  const held = socket === undefined ? [] : await listAgentKeys(socket, clock).catch(() => []);
  for (const { key } of held) names.set(fingerprintOf(key.getPublicSSH()), `the agent's ${key.comment || key.type}`);
  for (const { path, exists } of host.identityFiles) {
    const near =
      (await readPublicKey(`${path}.pub`)) ??
      (exists ? (await readKeyFile(path).catch(() => undefined))?.publicKey : undefined);
    if (near !== undefined && !names.has(fingerprintOf(near))) names.set(fingerprintOf(near), path);
  }
  return names;
}

export function resolveStep({ target }: HostProfile, { resolution, lines, addresses }: ResolveEvidence): DoctorStep {
  const { host, by, unsupported } = resolution;
  const said = lines.length === 0 ? '' : ` By ${lines.slice(0, 12).join('; ')}.`;
  const hops = host.proxyJump.map((hop) => hop.host).join(', ');
  const way =
    hops !== ''
      ? ` through ${hops}`
      : host.proxyCommand !== undefined
        ? ` through the ProxyCommand ${host.proxyCommand}`
        : '';
  const place = `${target} is ${host.user}@${host.hostName}:${host.port}${way}`;
  if (addresses?.length === 0) {
    const fix = here(
      'Check the spelling, HostName in ~/.ssh/config, and this machine’s network:',
      `getent hosts ${host.hostName}`,
    );
    return step('resolve', 'failed', `${place}, and that name has no address here.${said}`, fix);
  }
  const text = `${place}${addresses === undefined ? '' : ` (${addresses.join(', ')})`}.${said}`;
  if (unsupported.length === 0) return step('resolve', 'ok', text);
  const fix = here(
    `Install OpenSSH's client, which reads every line (${by === 'parser' ? 'it is not on PATH' : 'it is there'}):`,
    'sudo apt-get install -y openssh-client',
  );
  return step('resolve', 'warn', `${text} Not understood without OpenSSH: ${unsupported.join(', ')}.`, fix);
}

/** The target is none, or ssh_config has a mistake in it. */
export function unresolvedStep(error: unknown): DoctorStep {
  const { message, hint } = toFailure(error);
  return step('resolve', 'failed', message, hint === undefined ? undefined : here(hint));
}
