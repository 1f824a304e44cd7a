import { homedir } from 'node:os';
import type { HostProfile } from '../../shared/host.ts';
import { formatTarget, parseTarget } from '../../shared/target.ts';
import type { Clock } from '../base/clock.ts';
import { agentSocket } from './agent.ts';
import { supportedAlgorithms } from './algorithms.ts';
import { settleAttempt, type Attempt } from './attempt-budget.ts';
import { Authentication } from './auth.ts';
import { establish, type ConnectPlan, type EstablishOptions } from './establish.ts';
import type { HostAttempts } from './host-attempts.ts';
import { HostKeyCheck } from './host-key.ts';
import { readKnownHosts } from './known-hosts-file.ts';
import { hostKeyNames, storedKeyTypes } from './known-hosts.ts';
import { withAgentSocket } from './launchd-agent.ts';
import { PinnedHostKey } from './pinned-host-key.ts';
import type { Prompter } from './prompter.ts';
import type { ResolvedHost } from './resolved-host.ts';
import { resolveSshHost } from './ssh-config.ts';
import { openTransport, type TransportOptions, type Via } from './transport.ts';

/** Credentials that live in memory only: the demo host's. */
export interface EmbeddedTrust {
  readonly privateKey: string;
  /** The server's public key blob in SSH wire format. */
  readonly hostKey: Buffer;
}

export interface PlanOptions {
  readonly profile: HostProfile;
  readonly prompter: Prompter;
  readonly clock: Clock;
  readonly env: NodeJS.ProcessEnv;
  readonly embedded?: EmbeddedTrust | undefined;
  /** How often its addresses may be called on; no limit if undefined. */
  readonly attempts?: Pick<HostAttempts, 'request'> | undefined;
}

const keepaliveIntervalMs = 15_000;
const keepaliveCountMax = 2;

/**
 * Plans each attempt anew, from the user's profile and ssh_config as they are now. With `via` the host is reached from a jump
 * host, whatever its own configuration says of the way.
 */
export function planConnection(options: PlanOptions, via?: Via): EstablishOptions['plan'] {
  return async (ask, signal) => {
    const { profile, clock, embedded } = options;
    const env = await withAgentSocket(options.env);
    const prompter: Prompter = (request, promptSignal) => ask(() => options.prompter(request, promptSignal));
    const host = await resolve(profile, env, signal);
    const names = hostKeyNames(host);
    let attempt: Attempt | undefined;
    const auth = new Authentication({
      hostId: profile.id,
      user: host.user,
      host: host.hostName,
      port: host.port,
      files: embedded === undefined ? host.identityFiles : [],
      keyTexts: embedded === undefined ? [] : [embedded.privateKey],
      agentSocket: embedded === undefined ? agentSocket(host.identityAgent, env) : undefined,
      identitiesOnly: host.identitiesOnly,
      prompter,
      signal,
      clock,
    });
    const trust =
      embedded === undefined
        ? new HostKeyCheck({
            hostId: profile.id,
            hostName: host.hostName,
            port: host.port,
            ...(host.hostKeyAlias === undefined ? {} : { hostKeyAlias: host.hostKeyAlias }),
            userKnownHostsFiles: host.userKnownHostsFiles,
            globalKnownHostsFiles: host.globalKnownHostsFiles,
            unknownKey: unknownKeyPolicy(profile, host),
            prompter,
            signal,
          })
        : new PinnedHostKey(embedded.hostKey);
    const stored = await readKnownHosts([...host.userKnownHostsFiles, ...host.globalKnownHostsFiles]);
    const { algorithms, unsupported } = supportedAlgorithms({
      ...(host.ciphers === undefined ? {} : { ciphers: host.ciphers }),
      ...(host.kexAlgorithms === undefined ? {} : { kexAlgorithms: host.kexAlgorithms }),
      ...(host.hostKeyAlgorithms === undefined ? {} : { hostKeyAlgorithms: host.hostKeyAlgorithms }),
      storedKeyTypes: storedKeyTypes(stored, names),
    });
    return {
      where: `${host.hostName}:${host.port}`,
      username: host.user,
      algorithms,
      unsupported,
      keepaliveIntervalMs: host.serverAliveIntervalMs ?? keepaliveIntervalMs,
      keepaliveCountMax: host.serverAliveCountMax ?? keepaliveCountMax,
      openTransport: async (transportSignal) => {
        attempt = await options.attempts?.request(`${host.hostName}:${host.port}`, transportSignal);
        const connectHop = hopConnector(options, transportSignal);
        return openTransport({ host, clock, env, signal: transportSignal, via, connectHop });
      },
      ended: (error) => (error === undefined ? attempt?.succeeded() : settleAttempt(attempt, error)),
      authHandler: auth.handler,
      verifyHostKey: trust.verify,
      failure: (cause) => trust.failure ?? auth.failure(cause),
    } satisfies ConnectPlan;
  };
}

async function resolve(profile: HostProfile, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<ResolvedHost> {
  const { host } = await resolveSshHost(parseTarget(profile.target), {
    home: env['HOME'] ?? homedir(),
    env,
    signal,
    ...(profile.sshConfigFile === undefined ? {} : { configFile: profile.sshConfigFile }),
    overrides: {
      ...(profile.identityFile === undefined ? {} : { identityFile: profile.identityFile }),
      ...(profile.knownHostsFile === undefined ? {} : { knownHostsFile: profile.knownHostsFile }),
    },
  });
  return host;
}

/** A jump host is a host of its own: its ssh_config, its keys, its host key. Of the profile only what is not about its target goes for it too. */
function hopConnector(options: PlanOptions, signal: AbortSignal): TransportOptions['connectHop'] {
  return (hop, via) => {
    const { identityFile: _, ...profile } = options.profile;
    const plan = planConnection({ ...options, profile: { ...profile, target: formatTarget(hop) } }, via);
    return establish({ plan, clock: options.clock, signal, onTransportUp: () => undefined });
  };
}

function unknownKeyPolicy(profile: HostProfile, host: ResolvedHost): 'ask' | 'accept-new' | 'refuse' {
  if (profile.acceptNewHostKey === true || host.strictHostKeyChecking === 'accept-new') return 'accept-new';
  return host.strictHostKeyChecking === 'yes' ? 'refuse' : 'ask';
}
