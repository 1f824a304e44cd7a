import Docker from 'dockerode';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { Container } from '../../shared/container.ts';
import { FailureError } from '../../shared/failure.ts';
import { withTimeout, type Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposables.ts';
import { ChannelAgent, type OpenStream } from './channel-agent.ts';
import {
  isService,
  logLines,
  projectContainer,
  projectFilter,
  type ComposeProjects,
  type ProjectContainer,
} from './compose-projects.ts';
import { fromInspect, fromSummary, type Inspected } from './containers.ts';
import { dialLog, loggedContainer, type LogAttach, type LoggedContainer } from './container-logs.ts';
import { eventFilters } from './events.ts';

export interface DockerVersions {
  readonly apiVersion: string;
  readonly engineVersion: string;
}

/** What dockerode 5 takes and its public types leave out. */
interface AbortableDocker {
  ping(options: { abortSignal: AbortSignal }): Promise<unknown>;
  version(options: { abortSignal: AbortSignal }): Promise<Docker.DockerVersion>;
}

/** Docker 1.12; older daemons lack what we read. */
const oldestApiMinor = 24;
/** No answer within this time is a failure, except for streams that are quiet by nature. */
const answerMs = 10_000;

/**
 * The Docker Engine API over streams that somebody else opens. Paths carry no version: the daemon answers with its
 * own, so that 20.10 … 29 and Podman are met alike.
 */
export class DockerApi implements ComposeProjects, Disposable {
  readonly #agent: ChannelAgent;
  readonly #docker: Omit<Docker, 'ping' | 'version'> & AbortableDocker;
  readonly #clock: Clock;
  /** Where a stream costs a session: one question at a time, so that all of them share one stream. */
  readonly #takesTurns: boolean;
  #lastTurn: Promise<unknown> = Promise.resolve();
  #disposed = false;

  constructor(options: { openStream: OpenStream; clock: Clock; takesTurns?: boolean }) {
    this.#clock = options.clock;
    this.#takesTurns = options.takesTurns ?? false;
    this.#agent = new ChannelAgent(options.openStream);
    const modem = { protocol: 'http', host: 'docker', port: 80, agent: this.#agent } as const;
    this.#docker = new Docker(modem);
  }

  /** Rejects when the daemon does not answer within `timeoutMs`. */
  async ping(timeoutMs: number): Promise<void> {
    await this.#answer('ping', (abortSignal) => this.#docker.ping({ abortSignal }), timeoutMs);
  }

  async version(): Promise<DockerVersions> {
    const info = await this.#answer('version', (abortSignal) => this.#docker.version({ abortSignal }));
    if (Number(info.ApiVersion.split('.')[1]) < oldestApiMinor) throw tooOld(info.Version, info.ApiVersion);
    return { apiVersion: info.ApiVersion, engineVersion: info.Version };
  }

  /** All running containers. */
  async list(): Promise<Container[]> {
    const rows = await this.#answer('list containers', (abortSignal) => this.#docker.listContainers({ abortSignal }));
    return rows.flatMap((row) => fromSummary(row) ?? []);
  }

  /** One container, running or not; undefined if there is none of that id. */
  async inspect(id: string): Promise<Inspected | undefined> {
    const info = await this.#inspect(id);
    return info === undefined ? undefined : fromInspect(info);
  }

  async containersOf(project: string): Promise<ProjectContainer[]> {
    const options = { all: true, filters: projectFilter(project) };
    const rows = await this.#answer('list a project', (abortSignal) =>
      this.#docker.listContainers({ ...options, abortSignal }),
    );
    const found = await Promise.all(rows.filter(isService).map(({ Id }) => this.#inspect(Id)));
    return found.flatMap((info) => (info === undefined ? [] : projectContainer(info)));
  }

  async lastLines(containerId: string, lines: number): Promise<string[]> {
    const options = { stdout: true, stderr: true, tail: lines, follow: false } as const;
    const container = this.#docker.getContainer(containerId);
    const logs = await this.#answer<unknown>('read logs', (abortSignal) => container.logs({ ...options, abortSignal }));
    return Buffer.isBuffer(logs) ? logLines(logs) : [JSON.stringify(logs)]; // a log that is JSON comes parsed
  }

  /** By name, id or the start of an id; undefined if there is none. */
  async loggedContainer(name: string): Promise<LoggedContainer | undefined> {
    const info = await this.#inspect(encodeURIComponent(name));
    return info === undefined ? undefined : loggedContainer(info);
  }

  /** All that belong to the project, stopped ones too. */
  async loggedContainersOf(project: string): Promise<LoggedContainer[]> {
    const options = { all: true, filters: projectFilter(project) };
    const rows = await this.#answer('list a project', (abortSignal) =>
      this.#docker.listContainers({ ...options, abortSignal }),
    );
    const found = await Promise.all(rows.map(({ Id }) => this.#inspect(Id)));
    return found.flatMap((info) => (info === undefined ? [] : loggedContainer(info)));
  }

  /** What Docker sends of a log; who destroys the stream ends it. Rejects with `log-unreadable` where the log driver keeps nothing. */
  openLog(id: string, attach: LogAttach): Promise<Readable> {
    const dial = (abortSignal: AbortSignal): Promise<Readable> => dialLog(this.#docker, id, attach, abortSignal);
    const ask = (): Promise<Readable> => this.#ask('read logs', dial, answerMs);
    if (!this.#takesTurns) return ask();
    const turn = this.#lastTurn.then(ask);
    this.#lastTurn = turn.then((stream) => finished(stream)).catch(() => undefined); // its stream is busy until then
    return turn;
  }

  /** The event stream, from `since` (seconds, server time) if given. Resolves once the daemon has subscribed us. */
  async events(since: number | undefined): Promise<Readable> {
    const options = { filters: JSON.stringify(eventFilters), ...(since === undefined ? {} : { since }) };
    return (await this.#ask(
      'subscribe to events',
      (abortSignal) => this.#docker.getEvents({ ...options, abortSignal }),
      answerMs,
    )) as Readable;
  }

  dispose(): void {
    this.#disposed = true;
    this.#agent.destroy();
  }

  async #inspect(id: string): Promise<Docker.ContainerInspectInfo | undefined> {
    try {
      const container = this.#docker.getContainer(id);
      return await this.#answer('inspect container', (abortSignal) => container.inspect({ abortSignal }));
    } catch (error) {
      if ((error as { statusCode?: unknown }).statusCode === 404) return undefined;
      throw error;
    }
  }

  #answer<T>(what: string, request: (abort: AbortSignal) => Promise<T>, timeoutMs = answerMs): Promise<T> {
    const ask = (): Promise<T> => this.#ask(what, request, timeoutMs);
    if (!this.#takesTurns) return ask();
    const turn = this.#lastTurn.then(ask);
    this.#lastTurn = turn.catch(() => undefined);
    return turn;
  }

  /**
   * A kept stream may have died unnoticed while idle; a request that meets such a one is made once more. One that is not
   * answered in time is aborted: a daemon that hangs for hours must not collect a stream per question.
   */
  async #ask<T>(what: string, request: (abort: AbortSignal) => Promise<T>, timeoutMs: number): Promise<T> {
    const ask = (): Promise<T> => {
      const abort = new AbortController();
      return withTimeout(this.#clock, timeoutMs, request(abort.signal), () => {
        abort.abort();
        return silent(what, timeoutMs);
      });
    };
    try {
      return await ask();
    } catch (error) {
      if (this.#disposed || !isStaleStream(error)) throw error;
      return ask();
    }
  }
}

function isStaleStream(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return code === 'ECONNRESET' || code === 'EPIPE' || message === 'socket hang up';
}

function silent(what: string, timeoutMs: number): FailureError {
  return new FailureError({
    code: 'docker-silent',
    message: `Docker did not answer within ${timeoutMs / 1000} s (${what}).`,
    hint: 'Check the daemon on the host: `systemctl status docker`. Towline keeps trying.',
  });
}

function tooOld(engine: string, api: string): FailureError {
  return new FailureError({
    code: 'docker-api-too-old',
    message: `Docker ${engine} speaks API ${api}; Towline needs 1.${oldestApiMinor} or later.`,
    hint: 'Update Docker on the host to 1.12 or later.',
  });
}
