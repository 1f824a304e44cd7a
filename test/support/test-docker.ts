import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { systemClock, type Clock } from '../../engine/base/clock.ts';
import { createDockerApi, type DockerApi } from '../../engine/demo/docker-api.ts';
import { DockerDaemon } from '../../engine/demo/docker-daemon.ts';
import type { EventShape } from '../../engine/demo/docker-events.ts';
import type { Binding, ContainerRecord, ContainerSpec } from '../../engine/demo/docker-record.ts';
import type { DockerIdentity } from '../../engine/demo/docker-shapes.ts';

const identities: Readonly<Record<EventShape, DockerIdentity>> = {
  'docker-20': { engineVersion: '20.10.24', apiVersion: '1.41', minApiVersion: '1.12' },
  'docker-29': { engineVersion: '29.0.1', apiVersion: '1.52', minApiVersion: '1.44' },
  podman: { engineVersion: '5.2.2', apiVersion: '1.41', minApiVersion: '1.24' },
};

export interface TestDockerOptions extends Partial<DockerIdentity> {
  /** Whose events and, unless given, versions these are. Default `docker-20`. */
  readonly generation?: EventShape;
  readonly clock?: Clock;
}

/** A Docker daemon in this process: containers by command, faults by command. Paths are without the version. */
export class TestDocker {
  readonly daemon: DockerDaemon;
  readonly #api: DockerApi;
  readonly #requests = new Map<string, number>();
  readonly #hanging = new Set<string>();
  readonly #failures = new Map<string, { status: number; message: string }[]>();
  readonly #events = new Set<ServerResponse>();
  #split: ((text: Buffer) => readonly Buffer[]) | undefined;
  #connections = 0;

  constructor({ generation = 'docker-20', clock = systemClock, ...identity }: TestDockerOptions = {}) {
    this.daemon = new DockerDaemon(clock);
    this.#api = createDockerApi({
      ...identities[generation],
      ...identity,
      eventShape: generation,
      daemon: this.daemon,
      clock,
      intercept: (path, request, response) => this.#intercept(path, request, response),
    });
  }

  /** Connections made to the API so far. */
  get connections(): number {
    return this.#connections;
  }

  /** `/events` requests that are being served now. */
  get eventStreams(): number {
    return this.#events.size;
  }

  /** How often a path was asked for, whatever the answer. */
  requests(path: string): number {
    return this.#requests.get(path) ?? 0;
  }

  connect(): Duplex {
    this.#connections += 1;
    return this.#api.connect();
  }

  /** Serves the API on a unix socket until the result is disposed. */
  async listen(path: string): Promise<{ dispose(): Promise<void> }> {
    const sockets = new Set<Socket>();
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      this.#connections += 1;
      this.#api.accept(socket);
    });
    server.listen(path);
    await once(server, 'listening');
    return {
      async dispose() {
        const closed = once(server, 'close');
        server.close();
        for (const socket of sockets) socket.destroy();
        await closed;
      },
    };
  }

  /** Creates and starts; the image is `test` unless given. The result is the container's id. */
  run(spec: Partial<ContainerSpec> & { name: string }): string {
    return this.daemon.run({ image: 'test', ...spec }).id;
  }

  stop(container: string): void {
    this.daemon.stop(this.#get(container));
  }

  /** Ephemeral ports are chosen anew. */
  start(container: string): void {
    this.daemon.start(this.#get(container));
  }

  restart(container: string): void {
    this.daemon.restart(this.#get(container));
  }

  /** Its process ends by itself. */
  exit(container: string, code: number): void {
    this.daemon.exit(this.#get(container), code);
  }

  remove(container: string): void {
    this.daemon.remove(this.#get(container));
  }

  rename(container: string, name: string): void {
    this.daemon.rename(this.#get(container), name);
  }

  pause(container: string): void {
    this.daemon.pause(this.#get(container));
  }

  unpause(container: string): void {
    this.daemon.unpause(this.#get(container));
  }

  networkDisconnect(container: string): void {
    this.daemon.networkDisconnect(this.#get(container));
  }

  networkConnect(container: string): void {
    this.daemon.networkConnect(this.#get(container));
  }

  log(container: string, text: string, stream: 'stdout' | 'stderr' = 'stdout'): void {
    this.daemon.log(this.#get(container), text, stream);
  }

  /** Any other container event, such as `health_status: healthy`. */
  emit(container: string, action: string, attributes: Readonly<Record<string, string>> = {}): void {
    this.daemon.emit(this.#get(container), action, attributes);
  }

  /** The ports as bound now, a row for each address. */
  bindings(container: string): readonly Binding[] {
    return this.#get(container).bindings;
  }

  /** Writes anything into every open event stream. */
  emitRaw(text: string | Buffer): void {
    for (const response of this.#events) response.write(text);
  }

  /** Every open event stream ends, as when the daemon stops. */
  endEvents(): void {
    for (const response of this.#events) response.end();
  }

  /** From the next event stream on, each line is sent in the pieces that `split` makes of it. */
  splitEvents(split: (line: Buffer) => readonly Buffer[]): void {
    this.#split = split;
  }

  /** Requests for this path get no answer, until `unhang`; those that hang stay so. */
  hang(path: string): void {
    this.#hanging.add(path);
  }

  unhang(path: string): void {
    this.#hanging.delete(path);
  }

  failNext(path: string, status: number, message: string): void {
    this.#failures.set(path, [...(this.#failures.get(path) ?? []), { status, message }]);
  }

  async dispose(): Promise<void> {
    await this.#api.dispose();
  }

  #get(container: string): ContainerRecord {
    const record = this.daemon.find(container);
    if (record === undefined) throw new Error(`the test has no container ${container}`);
    return record;
  }

  #intercept(path: string, _request: IncomingMessage, response: ServerResponse): boolean {
    this.#requests.set(path, this.requests(path) + 1);
    if (this.#hanging.has(path)) return true;
    const failure = this.#failures.get(path)?.shift();
    if (failure !== undefined) {
      const body = JSON.stringify({ message: failure.message });
      response.writeHead(failure.status, { 'Content-Type': 'application/json' }).end(body);
      return true;
    }
    if (path === '/events') this.#watchEvents(response);
    return false;
  }

  #watchEvents(response: ServerResponse): void {
    this.#events.add(response);
    response.on('close', () => this.#events.delete(response));
    const split = this.#split;
    if (split === undefined) return;
    const write = response.write.bind(response) as (piece: Buffer) => boolean;
    response.write = (chunk: string | Buffer): boolean => {
      return split(Buffer.from(chunk))
        .map((piece) => write(piece))
        .every(Boolean);
    };
  }
}
