import { FailureError } from '../../shared/failure.ts';

export function noSubject(
  name: string,
  kind: 'container' | 'project' | undefined,
  hosts: readonly string[],
): FailureError {
  const what = kind ?? 'container or compose project';
  return new FailureError({
    code: 'log-subject-not-found',
    message:
      hosts.length === 0
        ? `There is no host to look for ${name} on.`
        : `There is no ${what} ${name} on ${hosts.join(', ')}.`,
    hint:
      hosts.length === 0
        ? 'Add one: towline hosts add TARGET'
        : 'On the host, `docker ps -a` lists the containers by name.',
  });
}

export function ambiguousSubject(name: string, hosts: readonly string[]): FailureError {
  return new FailureError({
    code: 'log-subject-ambiguous',
    message: `${name} is on several hosts: ${hosts.join(', ')}.`,
    hint: `Say on which one: --host ${hosts[0] ?? 'HOST'}`,
  });
}

/** Whether this log can't be read, now or ever. */
export function isUnreadable(error: unknown): boolean {
  return error instanceof FailureError && ['log-unreadable', 'log-garbled'].includes(error.code);
}
