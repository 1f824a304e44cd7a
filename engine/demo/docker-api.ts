import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposables.ts';
import type { DockerDaemon } from './docker-daemon.ts';
import type { EventShape } from './docker-events.ts';
import type { ApiCall } from './docker-call.ts';
import { findRoute } from './docker-routes.ts';
import type { DockerIdentity } from './docker-shapes.ts';
import { memoryConnection } from './memory-stream.ts';

export interface DockerApiOptions extends DockerIdentity {
  readonly daemon: DockerDaemon;
  readonly clock: Clock;
  readonly eventShape: EventShape;
  /** Sees each request first, its path without the version; true when it has answered, or means never to. */
  intercept?(this: void, path: string, request: IncomingMessage, response: ServerResponse): boolean;
}

export interface DockerApi extends Disposable {
  /** A new connection to the API, as if its socket had been dialled. */
  connect(): Duplex;
  /** Serves a connection that somebody else has accepted. */
  accept(stream: Duplex): void;
}

/** A small Docker Engine API over any stream; it listens nowhere by itself. */
export function createDockerApi(options: DockerApiOptions): DockerApi {
  const streams = new Set<Duplex>();
  const server = createServer((request, response) => answer(options, request, response));
  server.keepAliveTimeout = 0; // dockerd keeps an idle connection as long as the client does
  server.on('clientError', (_error, stream) => stream.destroy());

  const accept = (stream: Duplex): void => {
    streams.add(stream);
    stream.on('close', () => streams.delete(stream));
    stream.on('error', () => undefined); // `close` follows
    server.emit('connection', stream);
  };
  return {
    connect() {
      const [near, far] = memoryConnection();
      accept(far);
      return near;
    },
    accept,
    dispose() {
      for (const stream of streams) stream.destroy();
      server.close();
    },
  };
}

function answer(options: DockerApiOptions, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'http://docker');
  const [, version, path = '/'] = /^(?:\/v(\d+\.\d+))?(\/.*)$/.exec(url.pathname) ?? [];
  response.setHeader('Api-Version', options.apiVersion);
  response.setHeader('Ostype', 'linux');
  response.setHeader('Docker-Experimental', 'false');
  response.setHeader('Server', `Docker/${options.engineVersion} (linux)`);
  if (options.intercept?.(path, request, response) === true) return;

  const complaint = version === undefined ? undefined : versionComplaint(version, options);
  if (complaint !== undefined) return replyJson(response, 400, { message: complaint });
  const route = findRoute(request.method ?? 'GET', path);
  if (route === undefined) return replyJson(response, 404, { message: 'page not found' });
  const call: ApiCall = { ...options, response, query: url.searchParams };
  try {
    const reply = route(call);
    if (reply.kind === 'json') replyJson(response, 200, reply.body);
    if (reply.kind === 'status') response.writeHead(reply.status).end();
    if (reply.kind === 'error') replyJson(response, reply.status, { message: reply.message });
  } catch (error) {
    replyJson(response, 400, { message: `invalid request: ${String(error)}` });
  }
}

/** Why a version in the path won't do, in dockerd's words. */
function versionComplaint(version: string, { apiVersion, minApiVersion }: DockerIdentity): string | undefined {
  if (isOlder(apiVersion, version)) {
    return `client version ${version} is too new. Maximum supported API version is ${apiVersion}`;
  }
  if (!isOlder(version, minApiVersion)) return undefined;
  return (
    `client version ${version} is too old. Minimum supported API version is ${minApiVersion}, ` +
    'please upgrade your client to a newer version'
  );
}

function isOlder(one: string, other: string): boolean {
  const [major = 0, minor = 0] = one.split('.').map(Number);
  const [otherMajor = 0, otherMinor = 0] = other.split('.').map(Number);
  return major < otherMajor || (major === otherMajor && minor < otherMinor);
}

function replyJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
}
