import type { ServiceCommand } from './service-command.ts';

/** The unit's first line: only a file that begins with it is ever written anew or removed. */
export const madeByUs =
  '# Made by `towline service install`, and made anew by it: for changes of your own, `systemctl --user edit towline`.';

/**
 * The systemd user unit of the headless engine. It comes back after a crash, up to ten times in ten minutes, but not where only a person
 * helps: exit code 2 is a wrong call, 4 a refused login, which must not be tried again and again. It is narrowed by what an
 * unprivileged manager can do without namespaces of its own, which many kernels forbid; /tmp stays shared, as ssh agents live there.
 */
export function serviceUnit({ program, environment }: ServiceCommand): string {
  return [
    madeByUs,
    '[Unit]',
    'Description=Towline: remote Docker hosts on localhost',
    'StartLimitIntervalSec=600',
    'StartLimitBurst=10',
    '',
    '[Service]',
    'Type=exec',
    ...Object.entries(environment).map(([name, value]) => `Environment=${quoted(`${name}=${value}`)}`),
    `ExecStart=${program.map((argument) => quoted(argument).replaceAll('$', '$$$$')).join(' ')}`,
    'Restart=on-failure',
    'RestartSec=5',
    'RestartPreventExitStatus=2 4',
    'KillMode=mixed',
    'TimeoutStopSec=10',
    'UMask=0077',
    'NoNewPrivileges=yes',
    'LockPersonality=yes',
    'RestrictRealtime=yes',
    'RestrictSUIDSGID=yes',
    'RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK AF_VSOCK',
    'SystemCallArchitectures=native',
    '',
    '[Install]',
    'WantedBy=default.target',
    '',
  ].join('\n');
}

/** systemd.syntax(7): one word between double quotes; `%` begins a specifier, in commands `$` a variable. */
function quoted(text: string): string {
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
    .replaceAll('\t', '\\t')
    .replaceAll('%', '%%');
  return /^[A-Za-z0-9_@/.,:=+-]+$/.test(escaped) ? escaped : `"${escaped}"`;
}
