import type { Clock } from '../base/clock.ts';
import type { SessionChannel } from './link.ts';

/** What the probe found out about the host. All undefined or empty where its shell did not say. */
export interface ProbeResult {
  readonly user: string | undefined;
  readonly uid: string | undefined;
  readonly groups: readonly string[];
  readonly dockerHost: string | undefined;
  readonly sockets: readonly { path: string; writable: boolean }[];
  readonly dockerCli: boolean | undefined;
}

/*
 * The probe is one short command, closed within milliseconds, for two reasons: it learns the host, and it makes sshd set
 * TCP_NODELAY on the connection, which sshd before 10.1 does only once a session has run something. Worth 40 ms on every new
 * connection through a forward.
 */

const sockets = [
  '"${DOCKER_HOST#unix://}"',
  '/var/run/docker.sock',
  '"/run/user/$(id -u)/docker.sock"',
  '/run/podman/podman.sock',
  '"/run/user/$(id -u)/podman/podman.sock"',
  '"$HOME/.docker/run/docker.sock"',
  '"$HOME/.colima/default/docker.sock"',
  '"$HOME/.orbstack/run/docker.sock"',
  '"$HOME/.rd/docker.sock"',
];

/** One line in single quotes, so that it means the same to bash, fish and csh. */
export const probeCommand = [
  "sh -c 'echo; ", // ends a greeting without an end of line
  'echo "user=$(id -un)"; echo "uid=$(id -u)"; echo "groups=$(id -Gn)"; echo "docker_host=$DOCKER_HOST"; ',
  'if command -v docker >/dev/null 2>&1; then echo docker=yes; else echo docker=no; fi; ',
  `for s in ${sockets.join(' ')}; do `,
  'if [ -S "$s" ]; then if [ -w "$s" ]; then echo "socket=w$s"; else echo "socket=-$s"; fi; fi; done',
  "'",
].join('');

/** Bigger than any honest answer: a login banner may come before it. */
const maxOutput = 64 * 1024;

/** A login shell that takes longer than this to run a line hangs in its own start-up files. */
const patienceMs = 10_000;

/** Reads the probe's output to its end. Never rejects: a host that says nothing, or not in time, is known by what it said. */
export function readProbe(channel: SessionChannel, clock: Clock): Promise<ProbeResult> {
  return new Promise((resolve) => {
    let output = '';
    const finish = (): void => {
      void timer.dispose();
      resolve(parseProbe(output));
    };
    const timer = clock.after(patienceMs, () => {
      channel.destroy(); // it closes when the server agrees, which is not waited for
      finish();
    });
    channel.setEncoding('utf8');
    channel.on('data', (text: string) => {
      if (output.length < maxOutput) output += text;
    });
    channel.stderr.resume();
    channel.on('error', () => undefined); // `close` follows
    channel.once('close', finish);
    channel.end();
  });
}

/** What is said twice counts as said last: a greeting comes before. A value with control characters in it is none. */
export function parseProbe(output: string): ProbeResult {
  const values = (key: string): string[] =>
    [...output.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))]
      .flatMap((match) => match[1]?.trim() || [])
      .filter((value) => !/\p{Cc}/u.test(value));
  const value = (key: string): string | undefined => values(key).at(-1);
  const docker = value('docker');
  const sockets = new Map(
    values('socket')
      .filter((line) => line.startsWith('/', 1))
      .map((line) => [line.slice(1), line.startsWith('w')]),
  );
  return {
    user: value('user'),
    uid: value('uid'),
    groups: value('groups')?.split(' ') ?? [],
    dockerHost: value('docker_host'),
    sockets: [...sockets].map(([path, writable]) => ({ path, writable })),
    dockerCli: docker === undefined ? undefined : docker === 'yes',
  };
}
