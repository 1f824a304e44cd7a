import { request } from 'node:http';
import { join } from 'node:path';
import { waitFor } from '../../support/wait-for.ts';
import { runInside, type Namespace } from './namespace.ts';

export interface DockerdPlace extends Namespace {
  readonly dir: string;
  /** Where users of the host find the daemon's socket: `/var/run/docker.sock` unless a test asks otherwise. */
  readonly remoteDockerSocket: string;
}

/** The test host's Docker Engine. It keeps no state here, so that any process may hold a handle on it. */
export class Dockerd {
  /** The same daemon's socket as it is reached from this machine, past SSH. */
  readonly socket: string;
  readonly #place: DockerdPlace;

  constructor(place: DockerdPlace) {
    this.#place = place;
    this.socket = join(place.dir, 'docker.sock');
  }

  /** Starts it and resolves once it answers. */
  async start(): Promise<void> {
    const { dir, initPid, remoteDockerSocket } = this.#place;
    await runInside(
      initPid,
      `mkdir -p "$(dirname "$4")"
       dockerd -H "unix://$1" -H "unix://$4" --group docker --data-root "$2/docker" --pidfile "$2/dockerd.pid" \\
         --exec-opt native.cgroupdriver=cgroupfs --cgroup-parent "$3" </dev/null >>"$2/dockerd.log" 2>&1 &`,
      ...[this.socket, dir, `/${dir.split('/').at(-1)}`, remoteDockerSocket],
    );
    await waitFor(() => answersPing(this.socket), {
      what: `dockerd to answer (${dir}/dockerd.log)`,
      timeoutMs: 30_000,
    });
  }

  /** Ends it in good order; it stops its containers. No matter if it has ended before. */
  async stop(): Promise<void> {
    await runInside(
      this.#place.initPid,
      '[ -e "$1" ] || exit 0; pid=$(cat "$1"); kill "$pid"; while kill -0 "$pid" 2>/dev/null; do sleep 0.01; done',
      join(this.#place.dir, 'dockerd.pid'),
    );
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }
}

function answersPing(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const ping = request({ socketPath, path: '/_ping', agent: false }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode === 200));
    });
    ping.once('error', () => resolve(false)).end();
  });
}
