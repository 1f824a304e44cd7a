import type { Failure } from '../../../shared/failure.ts';

/** What the user may do about it: one line for the hint of a failure. */
const advice = 'The ssh of this machine can do it: set the host’s transport to openssh (--transport openssh).';

const certificates = /certificate|-cert-v01@openssh\.com|certificate authority/i;
const securityKeys = /\bsk-(ssh|ecdsa)|FIDO|security key|hardware token|_sk\b/i;

/**
 * Whether the system's ssh would get past what stopped the other transport, as a hint to add; undefined where it would fail
 * as well. `offered` are the login methods of the server, where they are known.
 */
export function openSshWouldHelp(failure: Failure, offered: readonly string[] = []): string | undefined {
  const said = `${failure.message} ${failure.hint ?? ''}`;
  switch (failure.code) {
    case 'algorithms-incompatible':
    case 'algorithms-unsupported':
      return advice;
    case 'key-format-unsupported':
      return securityKeys.test(said) || /encrypted with/.test(said) ? advice : undefined;
    case 'host-key-unknown':
      return certificates.test(said) ? advice : undefined;
    case 'auth-refused':
    case 'auth-needs-answer':
      return certificates.test(said) ||
        securityKeys.test(said) ||
        offered.some((name) => /^(gssapi|hostbased)/.test(name))
        ? advice
        : undefined;
    default:
      return undefined;
  }
}
