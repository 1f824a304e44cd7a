import type { Failure } from '../../shared/failure.ts';
import type { Clock } from '../base/clock.ts';
import { DisposableStore, type Disposable } from '../base/disposables.ts';
import { Emitter } from '../base/emitter.ts';
import type { LogFields, Logger } from '../base/logger.ts';
import type { ComposeProjects } from './compose-projects.ts';
import type { ContainerLogs } from './container-logs.ts';
import { ContainerWatch, type WatchedContainer } from './container-watch.ts';
import { DockerLink, type DockerLinkState } from './docker-link.ts';
import { noRoomForEvents, type EndpointDoors, type HostFindings } from './endpoint.ts';
import { EventStream, type EventStreamState } from './event-stream.ts';
import { LocalDockerSocket } from './local-socket.ts';
import type { EventStreamFigures } from './stream-diagnosis.ts';

export interface DockerFollowerOptions {
  readonly configuredSocket: string | undefined;
  readonly doors: EndpointDoors;
  /** Where the local Docker socket goes; none if undefined. */
  readonly localSocketPath: string | undefined;
  /** How many session channels there may be at once, as far as is known by now. */
  readonly sessionLimit: () => number;
  /** The daemon is silent: whoever has the connection may ask whether it is still there. */
  readonly onSilent: () => void;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The endpoint that was found may have moved: after so many failures in a row it is looked for again. */
const failuresUntilResearch = 4;

/** Follows the containers of one host for as long as there is a connection: endpoint, events, looks, and the socket here. */
export class DockerFollower implements Disposable {
  readonly #options: DockerFollowerOptions;
  readonly #owned = new DisposableStore();
  readonly #didChange = new Emitter<void>();
  readonly #link: DockerLink;
  readonly #events: EventStream;
  readonly #watch: ContainerWatch;
  #findings: Promise<HostFindings | undefined> = Promise.resolve(undefined);
  #socket: LocalDockerSocket | undefined;
  /** The daemon that was reached last, as the log names it. */
  #otherEnd: LogFields = {};

  /** How Docker is reached, or how the event stream does, is no longer what it was. */
  readonly onDidChange = this.#didChange.event;

  constructor(options: DockerFollowerOptions) {
    const { configuredSocket, doors, clock, log } = options;
    this.#options = options;
    const own = <T extends Disposable>(part: T): T => this.#owned.add(part);
    own(this.#didChange);
    this.#link = own(new DockerLink({ configuredSocket, doors, clock, log }));
    this.#events = own(
      new EventStream({
        subscribe: (since) => this.#link.events(since),
        clock,
        log,
        about: () => this.#otherEnd,
      }),
    );
    this.#watch = own(new ContainerWatch({ source: this.#link, clock, log }));
    own(this.#link.onDidChange(() => this.#linkChanged()));
    own(this.#link.onDidFallSilent(() => this.#fellSilent()));
    own(this.#events.onListDue(() => void this.#list()));
    own(this.#events.onDidReceive((event) => this.#watch.observe(event)));
    own(this.#events.onDidChange(() => this.#eventsChanged()));
  }

  get state(): DockerLinkState {
    return this.#link.state;
  }

  get events(): { readonly state: EventStreamState; readonly figures: EventStreamFigures } {
    return { state: this.#events.state, figures: this.#events.figures };
  }

  get running(): readonly WatchedContainer[] {
    return this.#watch.running;
  }

  get onDidChangeContainers(): ContainerWatch['onDidChange'] {
    return this.#watch.onDidChange;
  }

  get onDidReceiveEvent(): EventStream['onDidReceive'] {
    return this.#events.onDidReceive;
  }

  get projects(): ComposeProjects {
    return this.#link;
  }

  get logs(): ContainerLogs {
    return this.#link;
  }

  get localSocket(): string | undefined {
    return this.#socket?.path;
  }

  /** Opens the local socket. Where that can't be, everything else goes on without it. */
  async openLocalSocket(): Promise<void> {
    const { localSocketPath, log } = this.#options;
    if (localSocketPath === undefined) return;
    try {
      this.#socket = this.#owned.add(await LocalDockerSocket.open(localSocketPath, this.#link.openStream));
    } catch (error) {
      log.warn('no local Docker socket', { path: localSocketPath, error: String(error) });
    }
  }

  /** The connection is ready; `findings` tells of the host. */
  up(findings: Promise<HostFindings | undefined>): void {
    this.#findings = findings;
    this.#link.up(findings);
  }

  /** The connection is gone, and `cause` says why. */
  down(cause?: Failure): void {
    this.#events.stop(cause);
    this.#link.down();
  }

  /** Events are streamed, unless the stream would take the only session that questions can be asked through. */
  follow(): void {
    const { state } = this.#link;
    if (state.kind !== 'up') return;
    const reason = noRoomForEvents(state.endpoint, this.#options.sessionLimit());
    if (reason === undefined) this.#events.start();
    else this.#events.poll(reason);
  }

  dispose(): Promise<void> {
    return this.#owned.dispose();
  }

  #linkChanged(): void {
    const { state } = this.#link;
    if (state.kind === 'up') {
      const { view } = state.endpoint;
      const endpoint = view.kind === 'streamlocal' ? view.path : view.kind;
      this.#otherEnd = { endpoint, docker_version: state.versions?.engineVersion };
      this.follow();
    } else this.#events.stop(state.kind === 'failed' ? state.failure : undefined);
    this.#didChange.fire();
  }

  #eventsChanged(): void {
    const waiting = this.#events.state.kind === 'waiting';
    if (waiting && this.#events.figures.consecutiveFailures % failuresUntilResearch === 0)
      this.#link.research(this.#findings);
    this.#didChange.fire();
  }

  #fellSilent(): void {
    this.#options.onSilent();
    this.#events.restart({
      code: 'docker-silent',
      message: 'Docker has not answered two pings.',
      hint: 'Towline keeps trying.',
    });
  }

  async #list(): Promise<void> {
    try {
      await this.#watch.list();
    } catch (error) {
      this.#events.restart({ code: 'list-failed', message: `The containers could not be listed: ${String(error)}` });
    }
  }
}
