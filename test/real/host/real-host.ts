import { chmod, copyFile, mkdir, mkdtemp } from 'node:fs/promises';
import { basename, join } from 'node:path';
import process from 'node:process';
import { disposable, DisposableStore, type Disposable } from '../../../engine/base/disposables.ts';
import { Dockerd } from './dockerd.ts';
import { makeTestImage } from './image.ts';
import { folderPrefix, removeHostFiles, sweepLeftovers } from './leftovers.ts';
import { openNamespace, runInside, type Namespace } from './namespace.ts';
import { run } from './run.ts';
import { Sshd, type SshdConfig } from './sshd.ts';

/** All that a handle on a running test host is made from: plain data, so that it can cross to another process. */
export interface RealHostInfo extends Namespace {
  readonly dir: string;
  /** An ordinary user, in group docker. */
  readonly user: string;
  readonly sshPort: number;
  /** Where that user finds Docker's socket on the host. */
  readonly remoteDockerSocket: string;
}

export interface RealHostOptions {
  readonly sshd?: SshdConfig;
  readonly sshPort?: number;
  readonly remoteDockerSocket?: string;
}

const user = 'towline-test';
const uid = 65_100; // in a range that Debian reserves and hands to nobody

/** A handle on a running test host: a real sshd and a real dockerd behind an address of their own. */
export class RealHost {
  readonly info: RealHostInfo;
  readonly address: string;
  readonly user: string;
  readonly sshd: Sshd;
  readonly dockerd: Dockerd;

  constructor(info: RealHostInfo) {
    this.info = info;
    this.address = info.address;
    this.user = info.user;
    this.sshd = new Sshd(info, info.sshPort);
    this.dockerd = new Dockerd(info);
  }

  get identityFile(): string {
    return join(this.info.dir, 'id_ed25519');
  }

  get knownHostsFile(): string {
    return join(this.info.dir, 'known_hosts');
  }

  /** `ssh://user@address:port` of the main sshd. */
  get target(): string {
    return `ssh://${this.user}@${this.address}:${this.sshd.port}`;
  }

  /** Runs the docker CLI against the host's daemon, past SSH, and gives its stdout, trimmed. */
  async docker(args: readonly string[]): Promise<string> {
    return (await run('docker', args, this.#dockerEnvironment())).trim();
  }

  /** The same for `docker-compose`. */
  async compose(args: readonly string[]): Promise<string> {
    return (await run('docker-compose', args, this.#dockerEnvironment())).trim();
  }

  /** Runs a shell program as root on the host and gives its stdout. */
  exec(program: string): Promise<string> {
    return runInside(this.info.initPid, program);
  }

  /** Starts one more sshd on another port, with a policy of its own. Stop it when done. */
  async startSshd(port: number, config: SshdConfig): Promise<Sshd> {
    const sshd = new Sshd(this.info, port);
    await sshd.start(config);
    return sshd;
  }

  /** True: every packet between this machine and the host is lost, in both directions. False: the network is back. */
  async dropPackets(drop: boolean): Promise<void> {
    const rules = ['INPUT -i eth0 -j DROP', 'OUTPUT -o eth0 -j DROP'];
    const commands = rules.map((rule) =>
      drop
        ? `iptables -C ${rule} 2>/dev/null || iptables -I ${rule}`
        : `! iptables -C ${rule} 2>/dev/null || iptables -D ${rule}`,
    );
    await this.exec(commands.join('\n'));
  }

  #dockerEnvironment(): NodeJS.ProcessEnv {
    return { DOCKER_HOST: `unix://${this.dockerd.socket}`, DOCKER_CONFIG: join(this.info.dir, 'docker-config') };
  }
}

/** Starts a test host; disposing of it ends all its processes and removes all its files. */
export async function startRealHost(options: RealHostOptions = {}): Promise<RealHost & Disposable> {
  await sweepLeftovers();
  const owned = new DisposableStore();
  try {
    const dir = await mkdtemp(folderPrefix(process.pid));
    owned.defer(() => removeHostFiles(basename(dir)));
    await chmod(dir, 0o755); // the host's user reads his authorized_keys in it
    await mkdir(join(dir, 'home'));
    const namespace = await openNamespace(dir, user, uid);
    owned.defer(() => namespace.release());
    const host = new RealHost({
      ...{ dir, user, initPid: namespace.initPid, address: namespace.address },
      sshPort: options.sshPort ?? 22,
      remoteDockerSocket: options.remoteDockerSocket ?? '/var/run/docker.sock',
    });
    await makeKeys(host);
    await Promise.all([host.sshd.start(options.sshd), host.dockerd.start()]);
    await makeTestImage(dir, host.dockerd.socket);
    return Object.assign(
      host,
      disposable(() => owned.dispose()),
    );
  } catch (error) {
    await owned.dispose();
    throw error;
  }
}

async function makeKeys(host: RealHost): Promise<void> {
  for (const file of [host.identityFile, join(host.info.dir, 'host_key')]) {
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', file]);
  }
  await copyFile(`${host.identityFile}.pub`, join(host.info.dir, 'authorized_keys'));
}
