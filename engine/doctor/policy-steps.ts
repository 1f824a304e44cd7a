import type { DoctorStep } from '../../shared/doctor.ts';
import type { DockerEvidence } from './docker-look.ts';
import { onHost, sshdFix } from './fixes.ts';
import { causeFix, causeText, forwardingCause } from './forwarding-cause.ts';
import type { PolicyEvidence } from './policy-look.ts';
import { linesAbout } from './remote-look.ts';
import { step } from './step.ts';

/** What a server's rules allow us, from its answers. */
export function policySteps(policy: PolicyEvidence, docker: DockerEvidence): DoctorStep[] {
  return [execStep(policy), sessionsStep(policy), tcpStep(policy), unixStep(policy, docker)];
}

function execStep({ command, look, sessions }: PolicyEvidence): DoctorStep {
  switch (command.kind) {
    case 'ran':
      break;
    case 'silent':
      return forced('A command was taken and never ended', look?.sshdLines ?? []);
    case 'refused': {
      if (command.reason === 'command-refused') return forced('The server takes no commands', []);
      const why = sessions.granted === 0 ? 'MaxSessions 0' : command.detail;
      const detail = `The server opens no session: ${why}. Published ports can work; commands and deployments can't.`;
      return step('exec', 'warn', detail, sshdFix(['MaxSessions 10'], linesAbout(look, 'MaxSessions')));
    }
  }
  if (look !== undefined) {
    const { user, uid, groups } = look.probe;
    return step('exec', 'ok', `as ${user ?? uid ?? 'the user'}, in groups ${groups.join(' ') || 'unknown'}`);
  }
  const said = `${command.stdout} ${command.stderr}`.replace(/\s+/g, ' ').trim().slice(0, 120);
  return forced(`Something else ran in place of our command${said === '' ? '' : `, and said: ${said}`}`, []);
}

function forced(what: string, seen: readonly string[]): DoctorStep {
  const fix = sshdFix(['ForceCommand none'], seen);
  return step(
    'exec',
    'warn',
    `${what}: ForceCommand in sshd_config, command= in authorized_keys, or a login shell that lets nobody in. Published ports can work; commands and deployments can't.`,
    {
      ...fix,
      advice: `${fix.advice} Where it is command= before your key in ~/.ssh/authorized_keys, or the shell in /etc/passwd, change that.`,
    },
  );
}

function sessionsStep({ command, sessions: { asked, granted }, look }: PolicyEvidence): DoctorStep {
  const fix = (): ReturnType<typeof sshdFix> => sshdFix(['MaxSessions 10'], linesAbout(look, 'MaxSessions'));
  if (granted === 0) {
    const detail = command.kind === 'ran' ? 'none is granted any more' : 'MaxSessions 0: none';
    return step('sessions', 'warn', detail, fix());
  }
  if (granted >= asked) return step('sessions', 'ok', `${asked} and more`);
  if (granted > 1)
    return step('sessions', 'ok', `MaxSessions ${granted}; Towline takes one at a time, forwards take none`);
  const detail = 'MaxSessions 1: a command has to wait for the one before it; forwards take none';
  return step('sessions', 'warn', detail, fix());
}

function tcpStep(policy: PolicyEvidence): DoctorStep {
  const prohibited = Object.entries(policy.dialled).filter(([, answer]) => answer === 'prohibited');
  const cause = forwardingCause(policy, false);
  if (cause === 'none') return step('forward-tcp', 'ok', 'every address of the host');
  const some = prohibited.length < Object.keys(policy.dialled).length;
  const names = prohibited.map(([name]) => name).join(', ');
  const usable = policy.dialled['127.0.0.1'] !== 'prohibited';
  return step(
    'forward-tcp',
    some && usable ? 'warn' : 'failed',
    `The server forwards ${some ? `nothing to ${names}` : 'no port'}: ${causeText(cause, policy)}.`,
    causeFix(cause, policy),
  );
}

function unixStep(policy: PolicyEvidence, { endpoint, refused }: DockerEvidence): DoctorStep {
  if (endpoint?.kind === 'streamlocal') return step('forward-unix', 'ok', endpoint.path);
  if (endpoint !== undefined && refused.length === 0) {
    return step(
      'forward-unix',
      'warn',
      `A channel to the socket opens and is never served (${endpoint.why}): this server only pretends to know Unix sockets. docker system dial-stdio is used, at a session per stream.`,
      onHost('OpenSSH 6.7 and later forward Unix sockets.'),
    );
  }
  const open = dockerIsThere(policy, endpoint !== undefined);
  const cause = forwardingCause(policy, open);
  if (cause === 'none') return step('forward-unix', 'skipped', 'no socket there that is known to be open to this user');
  const instead = endpoint === undefined ? '' : ' docker system dial-stdio is used instead, at a session per stream.';
  return step(
    'forward-unix',
    endpoint === undefined ? 'failed' : 'warn',
    `The server forwards no Unix socket: ${causeText(cause, policy)}.${instead}`,
    causeFix(cause, policy),
  );
}

/** Whether Docker answers this user on the host itself, so that a refusal can only be the server's. */
export function dockerIsThere({ look }: PolicyEvidence, reached: boolean): boolean {
  return reached || /^\d+\.\d+/.test(look?.dockerSays ?? '');
}
