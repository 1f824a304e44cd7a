import { execFile, spawn, type ChildProcessByStdio } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { systemClock } from '../../../engine/base/clock.ts';
import type { SshLink } from '../../../engine/ssh/link.ts';
import { establishOpenSsh, type OpenSshOptions } from '../../../engine/ssh/openssh/establish.ts';
import { LoopbackSshd, type SshdOptions } from './loopback-sshd.ts';

const run = promisify(execFile);

/** Real sshds and what connects to them by the system's ssh; `dispose` closes all of it. */
export class OpenSshBench {
  readonly folder: string;
  /** An ed25519 key that every sshd made here accepts, unless it is told otherwise. */
  readonly key: string;
  readonly #owned: { dispose(): Promise<void> }[] = [];

  private constructor(folder: string) {
    this.folder = folder;
    this.key = join(folder, 'key');
  }

  static async make(): Promise<OpenSshBench> {
    const bench = new OpenSshBench(await mkdtemp(join(tmpdir(), 'openssh-')));
    await bench.makeKey('key');
    await mkdir(bench.runtimeDir, { mode: 0o700 });
    return bench;
  }

  get runtimeDir(): string {
    return join(this.folder, 'run');
  }

  get knownHosts(): string {
    return join(this.folder, 'known_hosts');
  }

  /** What is left of masters; empty when all have ended cleanly. */
  async leftovers(): Promise<string[]> {
    return readdir(join(this.runtimeDir, 'ssh')).catch(() => []);
  }

  /** Makes a key and gives its public line. */
  async makeKey(name: string, passphrase = ''): Promise<string> {
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-f', join(this.folder, name)]);
    return readFile(join(this.folder, `${name}.pub`), 'utf8');
  }

  async sshd(config: readonly string[] = [], options: SshdOptions = {}): Promise<LoopbackSshd> {
    const authorizedKeys = [await readFile(`${this.key}.pub`, 'utf8')];
    const sshd = await LoopbackSshd.start({ authorizedKeys, ...options, config });
    this.#owned.push(sshd);
    return sshd;
  }

  options(port: number, more: Partial<OpenSshOptions> = {}): OpenSshOptions {
    return {
      target: { host: '127.0.0.1', port },
      hostId: 'lab',
      sshConfigFile: 'none',
      identityFile: this.key,
      knownHostsFile: this.knownHosts,
      acceptNewHostKey: true,
      prompter: () => Promise.resolve(undefined),
      signal: new AbortController().signal,
      clock: systemClock,
      env: { ...process.env, SSH_AUTH_SOCK: '' },
      runtimeDir: this.runtimeDir,
      ...more,
    };
  }

  connect(port: number, more: Partial<OpenSshOptions> = {}): Promise<SshLink> {
    return this.connectWith(this.options(port, more));
  }

  async connectWith(options: OpenSshOptions): Promise<SshLink> {
    const link = await establishOpenSsh(options);
    this.#owned.push({ dispose: () => link.close() });
    return link;
  }

  /** Connects in a process of its own, which can be killed. */
  hold(port: number, identityFile: string): ChildProcessByStdio<null, Readable, null> {
    const { target, knownHostsFile, sshConfigFile, acceptNewHostKey, runtimeDir } = this.options(port);
    const plain = { target, identityFile, knownHostsFile, sshConfigFile, acceptNewHostKey, runtimeDir };
    const program = join(import.meta.dirname, 'openssh-holder.ts');
    return spawn(process.execPath, [program, JSON.stringify(plain)], { stdio: ['ignore', 'pipe', 'inherit'] });
  }

  /** Why it does not connect: the code of the failure. */
  async refusal(port: number, more: Partial<OpenSshOptions> = {}): Promise<unknown> {
    return this.connect(port, more).then(
      () => 'connected',
      (error: unknown) => (error as { code?: unknown }).code,
    );
  }

  async dispose(): Promise<void> {
    for (const owned of this.#owned.reverse()) await owned.dispose();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
