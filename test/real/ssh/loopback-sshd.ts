import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const run = promisify(execFile);
const sshdPath = '/usr/sbin/sshd';

export interface SshdOptions {
  /** Host key types, as ssh-keygen -t has them. */
  readonly hostKeys?: readonly string[];
  /** Lines of authorized_keys. */
  readonly authorizedKeys?: readonly string[];
  /** More lines of sshd_config. */
  readonly config?: readonly string[];
}

/** The system's sshd on a free loopback port, with its own keys, configuration and log; for tests of SSH alone. */
export class LoopbackSshd {
  readonly folder: string;
  readonly port: number;
  readonly user = userInfo().username;
  readonly log: string[] = [];
  readonly #process: ChildProcess;

  private constructor(folder: string, port: number, process: ChildProcess) {
    this.folder = folder;
    this.port = port;
    this.#process = process;
  }

  static async start({
    hostKeys = ['ed25519'],
    authorizedKeys = [],
    config = [],
  }: SshdOptions = {}): Promise<LoopbackSshd> {
    const folder = await mkdtemp(join(tmpdir(), 'loopback-sshd-'));
    const port = await freePort();
    for (const type of hostKeys)
      await run('ssh-keygen', ['-q', '-t', type, '-N', '', '-f', join(folder, `host_${type}`)]);
    await writeFile(join(folder, 'authorized_keys'), authorizedKeys.map((line) => `${line.trim()}\n`).join(''));
    const lines = [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      ...hostKeys.map((type) => `HostKey ${join(folder, `host_${type}`)}`),
      `AuthorizedKeysFile ${join(folder, 'authorized_keys')}`,
      ...config,
      'UsePAM no',
      'PidFile none',
      'StrictModes no',
      'PermitRootLogin yes',
      'LogLevel VERBOSE',
    ];
    const configFile = join(folder, 'sshd_config');
    await writeFile(configFile, `${lines.join('\n')}\n`);
    if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true, mode: 0o755 });
    const patience = await unpenalised(configFile);
    const child = spawn(sshdPath, ['-D', '-e', '-f', configFile, ...patience], { stdio: ['ignore', 'ignore', 'pipe'] });
    const sshd = new LoopbackSshd(folder, port, child);
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', () => reject(new Error(`sshd did not start:\n${sshd.log.join('\n')}`)));
      createInterface(child.stderr).on('line', (line) => {
        sshd.log.push(line);
        if (line.startsWith('Server listening')) resolve();
      });
    });
    return sshd;
  }

  /** The path of one of its public host keys. */
  publicKeyFile(type: string): string {
    return join(this.folder, `host_${type}.pub`);
  }

  /** Ends the processes that serve connections; sshd itself goes on. */
  async dropConnections(): Promise<void> {
    const { pid } = this.#process;
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
    for (const child of children.trim().split(' ').filter(Boolean)) process.kill(Number(child));
  }

  async dispose(): Promise<void> {
    if (this.#process.exitCode === null) {
      const exited = once(this.#process, 'exit');
      this.#process.kill();
      await exited;
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** From OpenSSH 9.8 on a server locks out whoever fails too often; a suite does. Older ones do not know the option. */
async function unpenalised(configFile: string): Promise<string[]> {
  const option = ['-o', 'PerSourcePenalties=no'];
  return run(sshdPath, ['-t', '-f', configFile, ...option]).then(
    () => option,
    () => [],
  );
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
