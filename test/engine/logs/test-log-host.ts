import type { Duplex, Readable } from 'node:stream';
import { systemClock } from '../../../engine/base/clock.ts';
import type { Disposable } from '../../../engine/base/disposables.ts';
import { Emitter } from '../../../engine/base/emitter.ts';
import { abandon } from '../../../engine/base/relay.ts';
import { DockerApi } from '../../../engine/docker/api-client.ts';
import type { LogAttach, LogDaemon, LoggedContainer, LogHost } from '../../../engine/logs/log-host.ts';
import { TestDocker } from '../../support/test-docker.ts';

/** A host whose Docker is in this process, with the way to it that can be cut. */
export class TestLogHost implements LogHost, LogDaemon, Disposable {
  readonly docker = new TestDocker();
  readonly logs = this;
  keepsStreams = true;
  /** How logs were asked for, in order. */
  readonly attaches: LogAttach[] = [];
  readonly #didChange = new Emitter<void>();
  readonly #streams = new Set<Duplex>();
  readonly #api = new DockerApi({ openStream: () => this.#open(), clock: systemClock });
  #isCut = false;

  onDidChangeDocker(listener: () => void): Disposable {
    return this.#didChange.event(listener);
  }

  loggedContainer(name: string): Promise<LoggedContainer | undefined> {
    return this.#api.loggedContainer(name);
  }

  loggedContainersOf(project: string): Promise<readonly LoggedContainer[]> {
    return this.#api.loggedContainersOf(project);
  }

  openLog(id: string, attach: LogAttach): Promise<Readable> {
    this.attaches.push(attach);
    return this.#api.openLog(id, attach);
  }

  /** What a host's watch of its containers does, after the test has changed them. */
  changed(): void {
    this.#didChange.fire();
  }

  /** Every stream breaks, and none can be opened. */
  cut(): void {
    this.#isCut = true;
    for (const stream of this.#streams) stream.destroy(new Error('the connection was lost'));
    this.changed();
  }

  mend(): void {
    this.#isCut = false;
    this.changed();
  }

  async dispose(): Promise<void> {
    this.#api.dispose();
    await this.docker.dispose();
    for (const stream of this.#streams) abandon(stream);
  }

  #open(): Promise<Duplex> {
    if (this.#isCut) return Promise.reject(new Error('there is no connection'));
    const stream = this.docker.connect();
    this.#streams.add(stream);
    stream.on('close', () => this.#streams.delete(stream));
    return Promise.resolve(stream);
  }
}
