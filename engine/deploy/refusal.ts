import { FailureError, type Failure } from '../../shared/failure.ts';
import { projectOf, type Stack } from '../../shared/stack.ts';
import type { Clock } from '../base/clock.ts';
import { decodeWord } from '../base/line-code.ts';
import type { Project } from './stack.ts';
import type { Survey } from './survey.ts';

/** Room that must be left on the host's disk beside the files. */
const spareBytes = 16 * 1024 * 1024;
/** Clocks further apart than this confuse logs, certificates and the lock. */
const skewMs = 30_000;

/** What the remote program refused or failed at, in the user's words. */
export function remoteFailure(code: string, detail: string): Failure {
  const known = reasons[code];
  if (known !== undefined) return { code, ...known(detail) };
  return {
    code: `deploy-${code}`,
    message: `The host could not do its part (${code})${detail === '' ? '' : `: ${detail}`}.`,
  };
}

const reasons: Readonly<Record<string, (detail: string) => { message: string; hint: string }>> = {
  'missing-tools': (tools) => ({
    message: `The host lacks tools that a deployment needs: ${tools}.`,
    hint: 'Install them on the host; on Debian and Ubuntu most are in coreutils, tar and docker.io.',
  }),
  'docker-unreachable': (detail) => ({
    message: `Docker does not answer on the host: ${detail}`,
    hint: 'Check `docker ps` there as the same user; he must be in group docker.',
  }),
  'no-compose': () => ({
    message: 'The host has neither `docker compose` nor `docker-compose`.',
    hint: 'Install the package docker-compose-plugin or docker-compose.',
  }),
  'path-trap': (dir) => ({
    message: `${dir} holds more than this stack and can't be its directory.`,
    hint: 'Use a path of its own, as ~/towline/shop or /srv/shop.',
  }),
  'unmanaged-directory': (dir) => ({
    message: `${dir} is there already and was not made by Towline.`,
    hint: 'Name another `--remote-dir`, or move what is there away.',
  }),
  'not-writable': (dir) => ({
    message: `The user may not write to ${dir} on the host.`,
    hint: 'Name another `--remote-dir`, or give that directory to the user.',
  }),
  'lock-held': (detail) => {
    const [since = '0', expires = '0', by = ''] = detail.split(' ');
    const who = by === '' ? 'Somebody' : decodeWord(by);
    return {
      message: `${who} has been deploying this stack since ${time(since)}.`,
      hint: `Wait for that to end. Its lock expires by itself at ${time(expires)}.`,
    };
  },
  'file-in-the-way': (path) => ({
    message: `${path} is on the host already, and Towline did not put it there.`,
    hint: 'Move it away there, or leave it out of the project by .towlineignore.',
  }),
  receive: (detail) => ({
    message: `The host could not store the files: ${detail || 'the transfer ended early'}.`,
    hint: 'Look at the disk space and quota of the host.',
  }),
  verify: (detail) => ({
    message: `A file did not arrive as it was sent (${detail}).`,
    hint: 'Deploy again. If it happens again, look for a failing disk.',
  }),
  apply: (path) => ({
    message: `The host could not put ${path} in its place.`,
    hint: 'Look at the disk space of the host and at who owns that directory.',
  }),
  config: (detail) => ({
    message: `Compose does not accept the project: ${detail}`,
    hint: 'Try `docker compose config` in the project.',
  }),
  pull: (image) => ({
    message: `The image ${image || 'of a service'} can't be pulled.`,
    hint: 'Look at the output above; the host may need `docker login`.',
  }),
  build: () => ({ message: 'The build failed.', hint: 'Look at the output above.' }),
  expired: () => ({
    message: 'The run held the lock longer than it may, so the host ended it.',
    hint: 'Raise `leaseMs` if builds or gates of this stack take that long.',
  }),
  up: () => ({ message: 'Compose could not start the services.', hint: 'Look at the output above.' }),
};

/** Throws what must keep a deployment from starting, now that the host is known. */
export function refuseEarly(stack: Stack, project: Project, survey: Survey, uploadBytes: number): void {
  const free = Number(survey.fact('space')) * 1024;
  if (free < uploadBytes + spareBytes) {
    throw new FailureError({
      code: 'disk-full',
      message: `The host has ${megabytes(free)} free where the stack lives; ${megabytes(uploadBytes + spareBytes)} are needed.`,
      hint: 'Make room on the host: `docker system df` and `docker system prune` may help.',
    });
  }
  for (const { service, port, protocol } of project.ports) {
    const taken = survey.publishers.find(
      (other) => other.port === port && other.protocol === protocol && other.project !== projectOf(stack),
    );
    if (taken === undefined) continue;
    throw new FailureError({
      code: 'port-taken',
      message: `Port ${port} of service ${service} is taken on the host by container ${taken.container}.`,
      hint: `Publish another port, or stop ${taken.project === '' ? 'that container' : `the project ${taken.project}`}.`,
    });
  }
}

/** The difference of the clocks in words, if it is worth them. */
export function clockWarning(survey: Survey, clock: Clock): string | undefined {
  const differenceMs = Number(survey.fact('time')) * 1_000 - clock.now();
  if (!(Math.abs(differenceMs) > skewMs)) return undefined;
  const side = differenceMs > 0 ? 'ahead of' : 'behind';
  return `The host's clock is ${Math.round(Math.abs(differenceMs) / 1000)} s ${side} this machine's.`;
}

function time(unixSeconds: string): string {
  return new Date(Number(unixSeconds) * 1_000).toISOString().replace('.000Z', ' UTC').replace('T', ' ');
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1_000_000)} MB`;
}
