import { parseProbe, probeCommand, type ProbeResult } from '../ssh/probe.ts';

/** What one command on the host could tell. */
export interface RemoteLook {
  readonly probe: ProbeResult;
  /** What `docker version` said there: the engine's version, or why there is none. */
  readonly dockerSays: string | undefined;
  /** Of `docker compose`, and of the older `docker-compose`. */
  readonly composePlugin: string | undefined;
  readonly composeProgram: string | undefined;
  /** Lines of sshd_config about what we do, where the user may read it: `FILE:LINE:TEXT`. */
  readonly sshdLines: readonly string[];
  /** The user's authorized_keys where a line restricts its key, options only. */
  readonly keyLines: readonly string[];
}

const keywords = [
  'AllowTcpForwarding',
  'AllowStreamLocalForwarding',
  'DisableForwarding',
  'PermitOpen',
  'MaxSessions',
  'MaxStartups',
  'ForceCommand',
  'ClientAliveInterval',
  'ClientAliveCountMax',
  'ChannelTimeout',
  'UnusedConnectionTimeout',
];

/** The probe, and a second line in single quotes as it is: one session for both. */
export const lookCommand = [
  `${probeCommand}; sh -c '`,
  'if command -v docker >/dev/null 2>&1; then echo "docker_says=$(docker version --format "{{.Server.Version}}" 2>&1 | tr -s "[:space:]" " " | cut -c 1-300)"; ',
  'echo "compose_plugin=$(docker compose version --short 2>/dev/null | head -n 1)"; fi; ',
  'if command -v docker-compose >/dev/null 2>&1; then echo "compose_program=$(docker-compose version --short 2>/dev/null | head -n 1)"; fi; ',
  `grep -niE "^[[:space:]]*(${keywords.join('|')})[[:space:]=]" /etc/ssh/sshd_config /etc/ssh/sshd_config.d/*.conf 2>/dev/null | head -n 40 | sed "s/^/sshd=/"; `,
  'grep -noE "^(.*,)?(restrict|no-port-forwarding|no-pty|permitopen=|command=)[^ ]*" "$HOME/.ssh/authorized_keys" 2>/dev/null | head -n 10 | cut -c 1-120 | sed "s/^/key_line=/"',
  "'",
].join('');

/** Undefined when what ran was not our command: a ForceCommand, a shell that lets nobody in. */
export function parseLook(stdout: string): RemoteLook | undefined {
  const probe = parseProbe(stdout);
  if (probe.user === undefined && probe.uid === undefined) return undefined;
  const values = (key: string): string[] =>
    [...stdout.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].flatMap((match) => match[1]?.trim() || []);
  return {
    probe,
    dockerSays: values('docker_says')[0],
    composePlugin: values('compose_plugin')[0],
    composeProgram: values('compose_program')[0],
    sshdLines: values('sshd').map((line) => line.replace(/\s+/g, ' ')),
    keyLines: values('key_line'),
  };
}

/** The lines of sshd_config that were found for these keywords, fit to be shown. */
export function linesAbout(look: RemoteLook | undefined, ...words: readonly string[]): string[] {
  const wanted = words.map((word) => word.toLowerCase());
  return (look?.sshdLines ?? [])
    .filter((line) => wanted.includes(/^.*?:\d+: ?(\w+)/.exec(line)?.[1]?.toLowerCase() ?? ''))
    .map((line) => line.replace(/^(.*?:\d+): ?/, '$1 '));
}
