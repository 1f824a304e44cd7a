import type { Readable } from 'node:stream';
import type { Container } from '../../shared/container.ts';
import { FailureError, toFailure, type Failure } from '../../shared/failure.ts';
import { Backoff } from '../base/backoff.ts';
import { withTimeout, type Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposables.ts';
import { Emitter } from '../base/emitter.ts';
import type { Logger } from '../base/logger.ts';
import { DockerApi, type DockerVersions } from './api-client.ts';
import type { OpenStream } from './channel-agent.ts';
import type { ComposeProjects, ProjectContainer } from './compose-projects.ts';
import type { ContainerLogs, LogAttach, LoggedContainer } from './container-logs.ts';
import type { ContainerSource } from './container-watch.ts';
import type { Inspected } from './containers.ts';
import { findEndpoint, type DockerEndpoint, type EndpointDoors, type HostFindings } from './endpoint.ts';

/** The way to the daemon: not looked for, being looked for, found, or not there and why. */
export type DockerLinkState =
  | { readonly kind: 'down' }
  | { readonly kind: 'searching' }
  | { readonly kind: 'up'; readonly endpoint: DockerEndpoint; readonly versions: DockerVersions | undefined }
  | { readonly kind: 'failed'; readonly failure: Failure };

export interface DockerLinkOptions {
  readonly configuredSocket: string | undefined;
  readonly doors: EndpointDoors;
  readonly clock: Clock;
  readonly log: Logger;
}

const searchDelaysMs = [1_000, 2_000, 5_000, 10_000, 30_000];
const pingEveryMs = 15_000;
const pingAnswerMs = 5_000;
/** A look around that takes longer (a shell that hangs) is done without. */
const findingsMs = 5_000;

/**
 * The Docker daemon of one host for as long as the connection lasts: finds the endpoint, speaks the API over it, and asks
 * after its health. The endpoint found once is taken again without a search after a reconnect.
 */
export class DockerLink implements ContainerSource, ComposeProjects, ContainerLogs, Disposable {
  readonly #options: DockerLinkOptions;
  readonly #didChange = new Emitter<DockerLinkState>();
  readonly #didFallSilent = new Emitter<void>();
  readonly #backoff = new Backoff({ delaysMs: searchDelaysMs, jitter: 0.5 });
  #state: DockerLinkState = { kind: 'down' };
  #known: DockerEndpoint | undefined;
  #api: DockerApi | undefined;
  #generation = 0;
  #timer: Disposable | undefined;

  readonly onDidChange = this.#didChange.event;
  /** Two pings in a row went unanswered: the daemon hangs, or the connection is dead and does not know it yet. */
  readonly onDidFallSilent = this.#didFallSilent.event;

  constructor(options: DockerLinkOptions) {
    this.#options = options;
  }

  get state(): DockerLinkState {
    return this.#state;
  }

  /** Opens a stream to the daemon, for whoever speaks Docker's API himself. */
  readonly openStream: OpenStream = () => {
    if (this.#state.kind !== 'up') return Promise.reject(notReachable(this.#state));
    return this.#state.endpoint.openStream();
  };

  /** The connection is ready. `findings` tells of the host; it is only waited for where no endpoint is known. */
  up(findings: Promise<HostFindings | undefined>): void {
    this.down();
    const generation = this.#generation;
    this.#become({ kind: 'searching' });
    if (this.#known !== undefined) return this.#found(generation, this.#known);
    void this.#search(generation, findings); // reports through the state
  }

  down(): void {
    this.#generation += 1;
    void this.#timer?.dispose();
    this.#api?.dispose();
    this.#api = undefined;
    this.#become({ kind: 'down' });
  }

  /** The known endpoint serves no more: look for one as if none were known. */
  research(findings: Promise<HostFindings | undefined>): void {
    this.#known = undefined;
    this.up(findings);
  }

  list(): Promise<Container[]> {
    return this.#withApi((api) => api.list());
  }

  inspect(id: string): Promise<Inspected | undefined> {
    return this.#withApi((api) => api.inspect(id));
  }

  events(since: number | undefined): Promise<Readable> {
    return this.#withApi((api) => api.events(since));
  }

  containersOf(project: string): Promise<readonly ProjectContainer[]> {
    return this.#withApi((api) => api.containersOf(project));
  }

  lastLines(containerId: string, lines: number): Promise<readonly string[]> {
    return this.#withApi((api) => api.lastLines(containerId, lines));
  }

  /** Not where each stream costs a session: then logs are asked for again and again. */
  get keepsStreams(): boolean {
    return this.#known?.view.kind !== 'dial-stdio';
  }

  loggedContainer(name: string): Promise<LoggedContainer | undefined> {
    return this.#withApi((api) => api.loggedContainer(name));
  }

  loggedContainersOf(project: string): Promise<readonly LoggedContainer[]> {
    return this.#withApi((api) => api.loggedContainersOf(project));
  }

  openLog(id: string, attach: LogAttach): Promise<Readable> {
    return this.#withApi((api) => api.openLog(id, attach));
  }

  dispose(): void {
    this.down();
    this.#didChange.dispose();
    this.#didFallSilent.dispose();
  }

  async #withApi<T>(use: (api: DockerApi) => Promise<T>): Promise<T> {
    if (this.#api === undefined) throw notReachable(this.#state);
    return use(this.#api);
  }

  async #search(generation: number, findings: Promise<HostFindings | undefined>): Promise<void> {
    const { configuredSocket, doors, log, clock } = this.#options;
    try {
      const found = await withTimeout(
        clock,
        findingsMs,
        findings,
        () => new Error('the look around takes too long'),
      ).catch(() => undefined);
      const endpoint = await findEndpoint(configuredSocket, found, doors);
      if (generation === this.#generation) this.#found(generation, endpoint);
    } catch (error) {
      if (generation !== this.#generation) return;
      const failure = toFailure(error);
      const delayMs = this.#backoff.next();
      log.warn('docker not reachable', { code: failure.code, message: failure.message, retryInMs: delayMs });
      this.#become({ kind: 'failed', failure });
      this.#timer = clock.after(delayMs, () => void this.#search(generation, findings));
    }
  }

  #found(generation: number, endpoint: DockerEndpoint): void {
    const { clock, log } = this.#options;
    const api = new DockerApi({
      openStream: endpoint.openStream,
      clock,
      takesTurns: endpoint.view.kind === 'dial-stdio', // each of its streams is a session: one for events, one for the rest
    });
    this.#known = endpoint;
    this.#api = api;
    this.#backoff.reset();
    this.#become({ kind: 'up', endpoint, versions: undefined });
    log.info('docker endpoint', { ...endpoint.view });
    this.#timer = clock.every(pingEveryMs, () => void this.#ping(generation, api));
    void this.#askVersion(generation, api, endpoint);
  }

  async #askVersion(generation: number, api: DockerApi, endpoint: DockerEndpoint): Promise<void> {
    try {
      const versions = await api.version();
      if (generation === this.#generation) this.#become({ kind: 'up', endpoint, versions });
    } catch (error) {
      const failure = toFailure(error);
      if (generation !== this.#generation || failure.code !== 'docker-api-too-old') return;
      this.down();
      this.#become({ kind: 'failed', failure });
    }
  }

  async #ping(generation: number, api: DockerApi): Promise<void> {
    try {
      await api.ping(pingAnswerMs).catch(() => api.ping(pingAnswerMs));
    } catch {
      if (generation === this.#generation) this.#didFallSilent.fire();
    }
  }

  #become(state: DockerLinkState): void {
    if (state.kind === 'down' && this.#state.kind === 'down') return;
    this.#state = state;
    this.#didChange.fire(state);
  }
}

function notReachable(state: DockerLinkState): FailureError {
  if (state.kind === 'failed') return new FailureError(state.failure);
  return new FailureError({
    code: 'docker-not-connected',
    message: 'There is no connection to this Docker host at the moment.',
  });
}
