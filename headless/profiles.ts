import { isAbsolute, resolve } from 'node:path';
import { FailureError } from '../shared/failure.ts';
import { hostProfileSchema, type HostProfile } from '../shared/host.ts';
import { hostIdOf, parseTarget } from '../shared/target.ts';

/** The options that every command about a host takes. */
export interface HostOptions {
  readonly identity?: string;
  readonly sshConfig?: string;
  readonly knownHosts?: string;
  readonly acceptNew?: boolean;
  readonly dockerSocket?: string;
  readonly transport?: NonNullable<HostProfile['transport']>;
}

/** A target and options as a profile. Rejects what no host can be called: `target-invalid`, `usage`. */
export function profileOf(target: string, options: HostOptions, name?: string): HostProfile {
  const id = name ?? hostIdOf(parseTarget(target));
  const profile = hostProfileSchema.safeParse({ id, target, ...profileOptions(options) });
  if (profile.success) return profile.data;
  const wrong = profile.error.issues.map((issue) => issue.path.join('.'));
  throw new FailureError(
    wrong.includes('id')
      ? {
          code: 'usage',
          message: `${id} is not a name for a host.`,
          hint: 'Use small letters, digits, dots, dashes and underscores.',
        }
      : { code: 'usage', message: 'The path of the Docker socket begins with a slash.' },
  );
}

/** The saved host of that name or target, with the options on top; else a new one. */
export function savedOrNew(saved: readonly HostProfile[], target: string, options: HostOptions): HostProfile {
  const known = saved.find((host) => host.id === target || host.target === target);
  return known === undefined ? profileOf(target, options) : { ...known, ...profileOptions(options) };
}

/**
 * The hosts that `up` runs instead of the saved ones; undefined means the saved ones. Without any host it is
 * DOCKER_HOST's, and without that the failure `no-target`.
 */
export function hostsToRun(
  saved: readonly HostProfile[],
  targets: readonly string[],
  options: HostOptions & { readonly demo?: boolean },
  dockerHost: string | undefined,
): HostProfile[] | undefined {
  if (targets.length > 0) {
    const profiles = targets.map((target) => savedOrNew(saved, target, options));
    return profiles.filter((profile, at) => profiles.findIndex((other) => other.id === profile.id) === at);
  }
  if (options.demo) return [];
  if (saved.length > 0) return undefined;
  if (dockerHost?.startsWith('ssh://')) return [profileOf(dockerHost, options)];
  throw new FailureError({
    code: 'no-target',
    message: 'There is no host to connect to.',
    hint: 'Name one: `towline up ssh://user@host`, save one: `towline hosts add ssh://user@host`, or look around: `towline demo`.',
  });
}

/** A running engine has another working directory: paths are made absolute here. */
function profileOptions(options: HostOptions): Partial<HostProfile> {
  return {
    ...(options.identity === undefined ? {} : { identityFile: absolute(options.identity) }),
    ...(options.sshConfig === undefined ? {} : { sshConfigFile: absolute(options.sshConfig) }),
    ...(options.knownHosts === undefined ? {} : { knownHostsFile: absolute(options.knownHosts) }),
    ...(options.acceptNew === true ? { acceptNewHostKey: true } : {}),
    ...(options.dockerSocket === undefined ? {} : { dockerSocket: options.dockerSocket }),
    ...(options.transport === undefined ? {} : { transport: options.transport }),
  };
}

function absolute(path: string): string {
  return isAbsolute(path) || path.startsWith('~/') ? path : resolve(path);
}
