import type { DoctorStep } from '../../shared/doctor.ts';
import type { DockerEvidence } from './docker-look.ts';
import { onHost } from './fixes.ts';
import { causeFix, causeText, forwardingCause } from './forwarding-cause.ts';
import type { PolicyEvidence } from './policy-look.ts';
import { dockerIsThere } from './policy-steps.ts';
import { step } from './step.ts';

/** Whether Docker and Compose can be used, from the ways that were tried and from what commands on the host said. */
export function dockerSteps(policy: PolicyEvidence, docker: DockerEvidence): DoctorStep[] {
  return [dockerStep(policy, docker), composeStep(policy)];
}

function dockerStep(policy: PolicyEvidence, { endpoint, versions, failure }: DockerEvidence): DoctorStep {
  if (endpoint !== undefined && versions !== undefined) {
    const text = `Docker ${versions.engineVersion}, API ${versions.apiVersion}`;
    if (endpoint.kind === 'streamlocal') return step('docker', 'ok', `${text}, through ${endpoint.path}`);
    return step('docker', 'warn', `${text}, through docker system dial-stdio: each stream takes a session.`);
  }
  const { look } = policy;
  const says = look?.dockerSays ?? '';
  const user = look?.probe.user ?? 'USER';
  const cause = forwardingCause(policy, dockerIsThere(policy, false));
  if (cause !== 'none' && dockerIsThere(policy, false)) {
    return step(
      'docker',
      'failed',
      `Docker ${says} runs there, but the server does not lead to it: ${causeText(cause, policy)}.`,
      causeFix(cause, policy),
    );
  }
  if (failure?.code === 'docker-permission-denied' || /permission denied/i.test(says)) return notInGroup(user);
  if (failure?.code === 'docker-not-found') return notInstalled();
  if (/cannot connect to the docker daemon|is the docker daemon running/i.test(says)) return notRunning();
  if (look !== undefined && look.probe.dockerCli === false && look.probe.sockets.length === 0) return notInstalled();
  if (look === undefined) return untold(policy, user);
  return step(
    'docker',
    'failed',
    failure?.message ?? 'Docker does not answer.',
    onHost('Start it:', 'sudo systemctl enable --now docker'),
  );
}

function notInGroup(user: string): DoctorStep {
  return step(
    'docker',
    'failed',
    `The user ${user} may not use Docker: its socket belongs to the group docker.`,
    onHost(
      'Put the user into the group (which makes them as mighty as root there), then connect anew:',
      `sudo usermod -aG docker ${user}`,
    ),
  );
}

function notInstalled(): DoctorStep {
  return step(
    'docker',
    'failed',
    'There is no Docker on this host: no socket in the usual places, and no docker command.',
    onHost(
      'Install it (Debian, Ubuntu), or name its socket with --docker-socket PATH:',
      'sudo apt-get install -y docker.io',
    ),
  );
}

function notRunning(): DoctorStep {
  return step(
    'docker',
    'failed',
    'Docker is installed on this host, but its daemon does not run.',
    onHost('Start it, and have it started with the machine:', 'sudo systemctl enable --now docker'),
  );
}

/** No command can be run there: what the socket refuses can be any of these. */
function untold(policy: PolicyEvidence, user: string): DoctorStep {
  const cause = forwardingCause(policy, false);
  if (cause !== 'none') {
    return step(
      'docker',
      'failed',
      `The server does not lead to Docker's socket: ${causeText(cause, policy)}.`,
      causeFix(cause, policy),
    );
  }
  return step(
    'docker',
    'failed',
    'The server does not lead to Docker’s socket, and no command can be run there to see why: the user is not in the group docker, the daemon does not run, or AllowStreamLocalForwarding is no.',
    onHost(
      'Whichever it is:',
      `sudo usermod -aG docker ${user}`,
      'sudo systemctl enable --now docker',
      'sudo sshd -T | grep -i streamlocal',
    ),
  );
}

function composeStep({ look }: PolicyEvidence): DoctorStep {
  if (look === undefined) return step('compose', 'skipped', 'no command can be run there');
  if (look.composePlugin !== undefined) return step('compose', 'ok', `docker compose ${look.composePlugin}`);
  const install = onHost(
    'Install the plugin (Docker’s own packages; Ubuntu calls it docker-compose-v2):',
    'sudo apt-get install -y docker-compose-plugin',
  );
  if (look.composeProgram !== undefined) {
    return step(
      'compose',
      'warn',
      `docker-compose ${look.composeProgram}: works, but has no --wait and no --dry-run`,
      install,
    );
  }
  return step('compose', 'warn', 'not found; only deployments need it', install);
}
