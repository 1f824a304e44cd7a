import type { DoctorStep } from '../../shared/doctor.ts';
import { sshdFix } from './fixes.ts';
import type { LoginEvidence } from './login-watch.ts';
import { linesAbout, type RemoteLook } from './remote-look.ts';
import { step } from './step.ts';

/** How soon a dead line is noticed from here, and what the server does with a quiet one. No login seen: ssh made it. */
export function keepaliveStep(login: LoginEvidence | undefined, look: RemoteLook | undefined): DoctorStep {
  const theirs = linesAbout(look, 'ClientAliveInterval', 'ClientAliveCountMax');
  const seen = theirs.length === 0 ? '' : ` The server's own: ${theirs.join('; ')}.`;
  const reapers = linesAbout(look, 'ChannelTimeout', 'UnusedConnectionTimeout').filter((line) => !/ none$/i.test(line));
  if (reapers.length > 0) {
    const detail = `The server closes what is quiet: ${reapers.join('; ')}. An idle forward ends then.${seen}`;
    return step(
      'keepalive',
      'warn',
      detail,
      sshdFix(['ChannelTimeout global=0', 'UnusedConnectionTimeout none'], reapers),
    );
  }
  if (login === undefined) return step('keepalive', 'ok', `ssh's own: as ssh_config has it, else every 15 s.${seen}`);
  const { intervalMs = 0, countMax = 0 } = login.keepalive ?? {};
  if (intervalMs === 0) {
    return step(
      'keepalive',
      'warn',
      `None (ServerAliveInterval 0): a dead line is not noticed, and routers forget a quiet one.${seen}`,
      {
        on: 'here',
        advice: 'In your ssh_config, for this host:',
        file: { path: '~/.ssh/config', lines: ['ServerAliveInterval 15', 'ServerAliveCountMax 2'] },
        commands: [],
      },
    );
  }
  const deadAfter = Math.round((intervalMs * (countMax + 1)) / 1000); // ssh2 counts one more
  return step('keepalive', 'ok', `every ${intervalMs / 1000} s; a dead line is noticed within ${deadAfter} s.${seen}`);
}
