import type { DoctorFix } from '../../shared/doctor.ts';

const configFile = '/etc/ssh/sshd_config';

/** Debian and Ubuntu call the service ssh, others sshd. A configuration with a mistake in it is not loaded. */
const reload = 'sudo sshd -t && { sudo systemctl reload ssh || sudo systemctl reload sshd; }';

/** Lines for the server's sshd_config. `seen`: where the lines that are in the way were found, when the file could be read. */
export function sshdFix(lines: readonly string[], seen: readonly string[] = []): DoctorFix {
  const found = seen.length === 0 ? '' : ` Found there: ${seen.join('; ')}.`;
  return {
    on: 'host',
    advice: `In the server's sshd_config, in place of what it says now (the first line of a keyword counts, a Match block beats it).${found}`,
    file: { path: configFile, lines: [...lines] },
    commands: [reload],
  };
}

export function onHost(advice: string, ...commands: string[]): DoctorFix {
  return { on: 'host', advice, commands };
}

export function here(advice: string, ...commands: string[]): DoctorFix {
  return { on: 'here', advice, commands };
}
