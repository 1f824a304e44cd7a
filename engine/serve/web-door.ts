import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FailureError } from '../../shared/failure.ts';
import { createApi } from '../api.ts';
import { systemClock } from '../base/clock.ts';
import { DisposableStore, type Disposable } from '../base/disposables.ts';
import type { Logger } from '../base/logger.ts';
import type { EngineCommands } from '../commands.ts';
import { cookieName, decideAccess, type Tokens } from './access.ts';
import { rpcPath } from './control-socket.ts';
import { builtPages, readPages, type Pages } from './pages.ts';
import { RpcServer } from './rpc-socket.ts';
import { watchingAnswer, type Answer } from './watching.ts';

export interface WebDoorOptions {
  readonly commands: EngineCommands;
  readonly log: Logger;
  /** 0 takes any free port. */
  readonly port: number;
  /** The folder with the built app; the one of this installation unless given. */
  readonly pages?: string;
  /** Opens `/metrics` and `/health/details` to whoever bears it; see `scrapeToken`. */
  readonly scrapeToken?: string;
}

export interface WebDoor extends Disposable {
  /** With the token: to be shown to the user, once, and to nobody else. */
  readonly url: string;
  readonly port: number;
}

/** Nothing but our own files may run or load; nothing may frame the page. */
const headers = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};

/**
 * The browser's door, on the IPv4 loopback only: the app's files, and the contract for them to speak.
 * Rejects with `web-port-in-use` or `web-door-unavailable`.
 */
export async function openWebDoor(options: WebDoorOptions): Promise<WebDoor> {
  const log = options.log.child({ door: 'web' });
  const token = randomBytes(24).toString('base64url');
  const tokens: Tokens = { door: token, scrape: options.scrapeToken };
  const owned = new DisposableStore();
  const rpc = new RpcServer(createApi(options.commands, log), log);
  const pages = await readPages(options.pages ?? builtPages());
  const server = createServer();
  await listening(server, options.port);
  const { port } = server.address() as AddressInfo;
  owned.defer(() => closing(server));
  owned.add(rpc);

  server.on('request', (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const access = decideAccess(request, url, port, tokens);
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (access.kind === 'denied') return text(response, access.status, `${access.why}\n`);
    if (access.kind === 'hand-over') {
      response.setHeader('set-cookie', `${cookieName(port)}=${token}; Path=/; HttpOnly; SameSite=Strict`);
      return void response.writeHead(303, { location: '/' }).end();
    }
    void answer(request, response, url.pathname, pages, options.commands); // what fails is answered too
  });
  server.on('upgrade', (request, socket, head) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname === rpcPath && decideAccess(request, url, port, tokens).kind === 'granted') {
      rpc.upgrade(request, socket, head);
    } else socket.destroy();
  });
  server.on('clientError', (_error, socket) => socket.destroy());

  return { url: `http://127.0.0.1:${port}/?token=${token}`, port, dispose: () => owned.dispose() };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  pages: Pages,
  commands: EngineCommands,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return text(response, 405, 'read only\n');
  const watching = await watchingAnswer(commands, path, systemClock.now()).catch(unanswerable);
  if (watching !== undefined) {
    const { status, type, body } = watching;
    return void response.writeHead(status, { 'content-type': type }).end(body);
  }
  const page = pages.get(path);
  if (page !== undefined) return void response.writeHead(200, { 'content-type': page.type }).end(page.body);
  if (path === '/') return text(response, 503, 'The app was not built. To build it: npm run build\n');
  text(response, 404, 'not found\n');
}

function unanswerable(error: unknown): Answer {
  return { status: 500, type: 'text/plain; charset=utf-8', body: `${String(error)}\n` };
}

function text(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(body);
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const inUse = error.code === 'EADDRINUSE';
      const failure = inUse
        ? {
            code: 'web-port-in-use',
            message: `Port ${port} is used by another program.`,
            hint: 'Give another one: `--ui PORT`.',
          }
        : { code: 'web-door-unavailable', message: `The app's page could not be opened: ${error.message}.` };
      reject(new FailureError(failure, { cause: error }));
    });
    server.listen({ host: '127.0.0.1', port }, resolve);
  });
}

function closing(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
