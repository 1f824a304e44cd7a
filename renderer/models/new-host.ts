import { FailureError } from '../../shared/failure.ts';
import type { HostProfile } from '../../shared/host.ts';
import { formatTarget, hostIdOf, parseTarget } from '../../shared/target.ts';

export type NewHost =
  | { readonly kind: 'empty' }
  | { readonly kind: 'invalid'; readonly problem: string }
  | { readonly kind: 'valid'; readonly profile: HostProfile };

/** What was typed as a host to be, its name taken from the target unless one is given. */
export function newHost(target: string, name: string): NewHost {
  if (target.trim() === '') return { kind: 'empty' };
  try {
    const parsed = parseTarget(target.trim());
    return {
      kind: 'valid',
      profile: { id: name.trim() === '' ? suggestedName(target) : name.trim(), target: formatTarget(parsed) },
    };
  } catch (error) {
    return { kind: 'invalid', problem: error instanceof FailureError ? error.message : String(error) };
  }
}

/** A short name for the target: the host's own where that can be one. */
export function suggestedName(target: string): string {
  try {
    const parsed = parseTarget(target.trim());
    const short = parsed.host.toLowerCase();
    return /^[a-z0-9][a-z0-9._-]{0,59}$/.test(short) ? short : hostIdOf(parsed);
  } catch {
    return '';
  }
}
