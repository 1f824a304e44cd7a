import type { Clock } from '../base/clock.ts';
import { DisposableStore, type Disposable } from '../base/disposables.ts';
import { silentLogger, type Logger } from '../base/logger.ts';
import { dialStdio } from './dial-stdio.ts';
import { createDockerApi, type DockerApi } from './docker-api.ts';
import { DockerDaemon } from './docker-daemon.ts';
import { playShop } from './shop-life.ts';
import { ShopNetwork } from './shop-network.ts';
import { acceptsKey, generateSshKey } from './ssh-keys.ts';
import { startSshServer } from './ssh-server.ts';
import type { Exec } from './ssh-session.ts';

/** A pretend Docker host in this process, for those who have none: `ssh://demo@127.0.0.1:PORT`. */
export interface DemoHost extends Disposable {
  /** Of the SSH server, on 127.0.0.1. Nothing else listens. */
  readonly port: number;
  readonly user: 'demo';
  /** The host's public key blob in SSH wire format, to be pinned. */
  readonly hostKey: Buffer;
  /** The only key that opens the door, OpenSSH private key text. */
  readonly privateKey: string;
}

const user = 'demo';
const dockerSocket = '/var/run/docker.sock';

/** Starts the demo host: an SSH server, a Docker Engine API behind its socket, and a shop that comes to life. */
export async function startDemoHost(options: { clock: Clock; log?: Logger }): Promise<DemoHost> {
  const { clock, log = silentLogger } = options;
  const hostKey = generateSshKey();
  const clientKey = generateSshKey();
  const owned = new DisposableStore();
  const daemon = new DockerDaemon(clock);
  const network = owned.add(new ShopNetwork(daemon));
  const api = owned.add(
    createDockerApi({
      daemon,
      clock,
      engineVersion: '24.0.9',
      apiVersion: '1.43',
      minApiVersion: '1.12',
      eventShape: 'docker-20',
    }),
  );
  const server = owned.add(
    await startSshServer({
      hostKey: hostKey.privateKey,
      authenticate(context) {
        const known = context.method === 'publickey' && context.username === user;
        if (known && acceptsKey(context, [clientKey.publicKey])) context.accept();
        else context.reject(['publickey']);
      },
      openTcp: (target) => network.dial(target),
      openUnix: (path) => {
        return path === dockerSocket ? api.connect() : { refused: 'connect-failed', description: 'open failed' };
      },
      exec: demoShell(api),
      maxSessions: 2,
    }),
  );
  const life = new AbortController();
  const played = playShop({ daemon, network, clock, signal: life.signal });
  owned.defer(() => {
    life.abort();
    return played;
  });
  log.info('demo host listening', { port: server.port });
  return {
    port: server.port,
    user,
    hostKey: hostKey.publicKey,
    privateKey: clientKey.privateKey,
    dispose: () => owned.dispose(),
  };
}

/** What the probe that follows each connection asks. */
const aboutHost = `user=${user}
uid=1000
groups=${user} docker
docker_host=
docker=yes
socket=w${dockerSocket}
`;

/** The commands this host knows. It runs nothing: each has its answer, and any other program ends well, silently. */
function demoShell(api: DockerApi): Exec {
  return async (command, streams) => {
    if (/\bdocker system dial-stdio\b/.test(command)) return dialStdio(api.connect(), streams);
    if (command.startsWith('sh -c')) streams.stdout.write(aboutHost);
    if (/\bdocker compose version\b/.test(command)) streams.stdout.write('Docker Compose version v2.24.6\n');
    return 0;
  };
}
