import type { Duplex } from 'node:stream';
import type { DockerEndpointView } from '../../shared/host.ts';
import { FailureError, type Failure } from '../../shared/failure.ts';
import { withTimeout, type Clock } from '../base/clock.ts';
import { abandon } from '../base/relay.ts';
import type { OpenStream } from './channel-agent.ts';

/** How the daemon is reached, and how to open a stream to it. */
export interface DockerEndpoint {
  readonly view: DockerEndpointView;
  readonly openStream: OpenStream;
}

/** What a look around on the host has found; all undefined where no command could be run there. */
export interface HostFindings {
  readonly user: string | undefined;
  readonly uid: string | undefined;
  /** DOCKER_HOST as a command on the host sees it. */
  readonly dockerHost: string | undefined;
  /** Sockets that exist, and whether the login user may write to them. */
  readonly sockets: readonly { path: string; writable: boolean }[];
  readonly dockerCli: boolean | undefined;
}

export interface EndpointDoors {
  readonly openUnix: (path: string) => Promise<Duplex>;
  /** `docker system dial-stdio`; costs a session per stream. */
  readonly openStdio: OpenStream;
  readonly clock: Clock;
}

/** Some servers accept a streamlocal channel and never serve it; an answer is due within this time. */
const answerMs = 3_000;
export const defaultSocket = '/var/run/docker.sock';

/**
 * Sockets worth trying, in order: the configured one alone, or what the host says, those that were seen there, and then where
 * Docker and Podman put theirs even if nothing was seen: a daemon may start after the look around.
 */
export function socketCandidates(configured: string | undefined, found: HostFindings | undefined): string[] {
  if (configured !== undefined) return [configured];
  const fromEnvironment = found?.dockerHost?.startsWith('unix://')
    ? found.dockerHost.slice('unix://'.length)
    : undefined;
  const perUser =
    found?.uid === undefined ? [] : [`/run/user/${found.uid}/docker.sock`, `/run/user/${found.uid}/podman/podman.sock`];
  const usual = [defaultSocket, ...perUser, '/run/podman/podman.sock'];
  const seen = found?.sockets.map((socket) => socket.path) ?? [];
  const candidates = [fromEnvironment, ...usual.filter((path) => seen.includes(path)), ...seen, ...usual];
  return [...new Set(candidates.filter((path) => path !== undefined))];
}

/**
 * Finds the way to the daemon: a direct channel to one of the sockets, or, where the server refuses such channels or never
 * serves them, `docker system dial-stdio`. Rejects with what is wrong on the host and how to mend it.
 */
export async function findEndpoint(
  configured: string | undefined,
  found: HostFindings | undefined,
  doors: EndpointDoors,
): Promise<DockerEndpoint> {
  const candidates = socketCandidates(configured, found);
  const refusals: string[] = [];
  for (const path of candidates) {
    const openStream = (): Promise<Duplex> => doors.openUnix(path);
    const problem = await tryEndpoint(openStream, doors.clock);
    if (problem === undefined) return { view: { kind: 'streamlocal', path }, openStream };
    refusals.push(`${path}: ${problem.text}`);
    if (problem.kind === 'silent') break; // such a server accepts any path: each would cost the whole time
  }
  const why = refusals.join('; ') || 'no Docker socket was found';
  const denied = permissionDenied(candidates, found);
  if (denied !== undefined) throw new FailureError(denied);
  if (found?.dockerCli !== false) {
    const problem = await tryEndpoint(doors.openStdio, doors.clock);
    if (problem === undefined) return { view: { kind: 'dial-stdio', why }, openStream: doors.openStdio };
    throw new FailureError(unreachable(found, why, problem.text));
  }
  throw new FailureError(unreachable(found, why, undefined));
}

type Problem = { readonly kind: 'silent' | 'refused'; readonly text: string };

/** Undefined when an HTTP answer comes within the time, else what happened instead. */
async function tryEndpoint(open: OpenStream, clock: Clock): Promise<Problem | undefined> {
  const opening = open();
  let silent = false;
  try {
    await withTimeout(clock, answerMs, opening.then(answersHttp), () => {
      silent = true;
      return new Error(`no answer within ${answerMs / 1000} s`);
    });
    return undefined;
  } catch (error) {
    return { kind: silent ? 'silent' : 'refused', text: error instanceof Error ? error.message : String(error) };
  } finally {
    opening.then(abandon, () => undefined); // at once, or when it opens too late
  }
}

function answersHttp(stream: Duplex): Promise<void> {
  return new Promise((resolve, reject) => {
    let head = '';
    stream.on('data', (chunk: Buffer) => {
      head += chunk.toString('latin1');
      if (head.startsWith('HTTP/1.')) resolve();
      else if (head.length > 4_096) reject(new Error('what answers there is not Docker'));
    });
    stream.on('error', reject);
    stream.once('end', () => reject(new Error(head === '' ? 'closed without an answer' : head.trim().slice(0, 200))));
    stream.once('close', () => reject(new Error('closed without an answer')));
    stream.write('GET /_ping HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n');
  });
}

function permissionDenied(candidates: readonly string[], found: HostFindings | undefined): Failure | undefined {
  const socket = found?.sockets.find(({ path }) => candidates.includes(path));
  if (socket === undefined || found?.sockets.some(({ path, writable }) => writable && candidates.includes(path)))
    return undefined;
  const user = found?.user ?? 'this user';
  return {
    code: 'docker-permission-denied',
    message: `The user ${user} may not use Docker on this host: ${socket.path} is closed to it.`,
    hint: `On the host: sudo usermod -aG docker ${user} — then reconnect.`,
  };
}

function unreachable(found: HostFindings | undefined, why: string, stdio: string | undefined): Failure {
  if (found !== undefined && found.sockets.length === 0 && found.dockerCli === false) {
    return {
      code: 'docker-not-found',
      message: 'There is no Docker on this host: no socket in the usual places, and no docker command.',
      hint: 'Install Docker there, or name its socket with --docker-socket PATH.',
    };
  }
  // A command on the host that gets no answer either has shown that it is not the server's policy.
  const hostIsSilent = stdio !== undefined && /without an answer|no answer/.test(stdio);
  const mayBePolicy = found?.sockets.some((socket) => socket.writable) !== false && !hostIsSilent;
  if (mayBePolicy && /open failed|prohibited/i.test(why)) {
    const perhaps = found === undefined ? ' If it allows them, check that Docker runs.' : '';
    return {
      code: 'docker-channel-refused',
      message: `The server refuses channels to the Docker socket (${why})${stdio === undefined ? '' : `, and docker system dial-stdio failed (${stdio})`}.`,
      hint:
        'In its sshd_config: AllowStreamLocalForwarding yes, AllowTcpForwarding yes, no PermitOpen list — then reload sshd.' +
        perhaps,
    };
  }
  return {
    code: 'docker-not-running',
    message: `Docker does not answer on this host (${why}${stdio === undefined ? '' : `; docker system dial-stdio: ${stdio}`}).`,
    hint: 'Start it: sudo systemctl start docker. Towline looks again by itself.',
  };
}

/** Why events can't be streamed beside other questions, where the endpoint costs a session per stream and there is but one. */
export function noRoomForEvents({ view }: DockerEndpoint, sessionLimit: number): Failure | undefined {
  if (view.kind !== 'dial-stdio' || sessionLimit > 1) return undefined;
  return {
    code: 'no-session-for-events',
    message: 'The server allows one session, and questions to Docker need it: containers are looked for every 5 s.',
    hint: 'In its sshd_config: AllowStreamLocalForwarding yes, or MaxSessions 2 — then reload sshd.',
  };
}
