import { afterEach, inject } from 'vitest';
import { DisposableStore, type Disposable } from '../../../engine/base/disposables.ts';
import { testImage } from '../host/image.ts';
import { RealHost } from '../host/real-host.ts';
import type { Sshd, SshdConfig } from '../host/sshd.ts';
import { RealEngine, type RealEngineOptions } from './real-engine.ts';

/** The command of an echo server on a port of the container; `httpd` on port 80 runs without any. */
export const echoOn = (port: number): string[] => ['nc', '-ll', '-p', String(port), '-e', '/bin/cat'];

/** What the tests of one file work with: the run's real host, and whatever they start, which ends with each test. */
export class RealBench {
  readonly host = new RealHost(inject('realHost'));
  #owned = new DisposableStore();
  #names = 0;

  constructor() {
    afterEach(async () => {
      const owned = this.#owned;
      this.#owned = new DisposableStore();
      await owned.dispose();
    });
  }

  add<T extends Disposable>(item: T): T {
    return this.#owned.add(item);
  }

  defer(release: () => void | Promise<void>): void {
    this.#owned.defer(release);
  }

  /** An engine that is on its way to the host. */
  async starting(options: RealEngineOptions = {}): Promise<RealEngine> {
    return this.add(await RealEngine.start(this.host, options));
  }

  /** An engine that is connected and follows the events. */
  async engine(options: RealEngineOptions = {}): Promise<RealEngine> {
    return (await this.starting(options)).ready();
  }

  /** A name that no other container of this run has. */
  name(stem = 'web'): string {
    this.#names += 1;
    return `${stem}-${process.pid}-${this.#names}`;
  }

  /** Starts a container of the test image, with the image's command unless another is given, and gives its name. */
  async container(options: readonly string[], command: readonly string[] = []): Promise<string> {
    const name = this.name();
    this.removed(name);
    await this.host.docker(['run', '-d', '--name', name, ...options, testImage, ...command]);
    return name;
  }

  /** Has the container removed after the test, if it is still there. */
  removed(name: string): void {
    this.defer(async () => {
      await this.host.docker(['rm', '-f', name]).catch((error: unknown) => {
        if (!String(error).includes('No such container')) throw error;
      });
    });
  }

  /** One more sshd on the host, with a policy of its own. */
  async sshd(port: number, config: SshdConfig): Promise<Sshd & { target: string }> {
    const sshd = await this.host.startSshd(port, config);
    this.defer(() => sshd.stop());
    return Object.assign(sshd, { target: `ssh://${this.host.user}@${this.host.address}:${port}` });
  }
}
