import type { ServiceManager, ServiceStatus } from './service-manager.ts';

/** The state of the service in lines for people. `hasAgent`: this terminal knows an ssh agent. */
export function serviceLines(status: ServiceStatus, logCommand: string, hasAgent: boolean): string[] {
  const { installed, file, manager } = status;
  if (installed === 'no') return ['The service is not installed. To have it: `towline service install`'];
  if (installed === 'foreign') return [`${file} is not of Towline's making, and was left alone.`];
  return [
    stateLine(status),
    `${manager === 'systemd' ? 'unit' : 'file'}  ${file}`,
    `log   ${logCommand}`,
    ...adviceLines(status, hasAgent),
  ];
}

function stateLine({ state, pid, exitCode, signal, enabled }: ServiceStatus): string {
  const start = enabled ? 'starts by itself' : 'does not start by itself';
  const ended = endWord(exitCode, signal);
  switch (state) {
    case 'running':
      return `Running${pid === undefined ? '' : `, pid ${pid}`}; ${start}`;
    case 'starting':
      return `Starting${ended === '' ? '' : ` again: it ended ${ended}`}; ${start}`;
    case 'stopped':
      return `Stopped; ${start}`;
    case 'failed':
      return `Failed${ended === '' ? '' : `: it ended ${ended}`}; ${start}`;
  }
}

/** With what the codes of `towline up` mean. */
function endWord(exitCode: number | undefined, signal: number | undefined): string {
  if (signal !== undefined) return `by signal ${signal}`;
  if (exitCode === undefined) return '';
  if (exitCode === 4) return 'with exit code 4, as a host needs you (`towline hosts test --all` shows which)';
  return `with exit code ${exitCode}${exitCode === 2 ? ', as it has no host to connect to' : ''}`;
}

function adviceLines({ lingers, seesAgent }: ServiceStatus, hasAgent: boolean): string[] {
  return [
    ...(lingers === false ? ['It ends when you log out. To have it run always: `loginctl enable-linger`'] : []),
    ...(seesAgent === false && hasAgent
      ? [
          'It does not see your ssh agent. Until you log out: `systemctl --user import-environment SSH_AUTH_SOCK`, then restart it; or give the hosts a key file.',
        ]
      : []),
  ];
}

/** What an installation or a removal came to. */
export function changeWord(
  change: Awaited<ReturnType<ServiceManager['install'] | ServiceManager['uninstall']>>,
): string {
  const words = {
    installed: 'The service is installed.',
    updated: 'The service was brought up to date.',
    unchanged: 'The service was there already.',
    removed: 'The service is stopped and gone. Hosts and settings stay.',
    absent: 'There is no service to remove.',
  } as const;
  return words[change];
}
