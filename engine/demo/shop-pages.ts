import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** An HTTP server that never listens: connections are handed to it. Each request is logged, as nginx would. */
export function httpService(log: (text: string) => void, handle: (path: string) => HttpPage): Server {
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const path = request.url ?? '/';
    const { status = 200, type, body } = handle(path);
    log(`${request.method ?? 'GET'} ${path} ${status} ${Buffer.byteLength(body)}`);
    response.writeHead(status, { 'Content-Type': `${type}; charset=utf-8`, 'Cache-Control': 'no-store' }).end(body);
  });
  server.keepAliveTimeout = 0;
  server.on('clientError', (_error, stream) => stream.destroy());
  return server;
}

export interface HttpPage {
  readonly status?: number;
  readonly type: 'text/html' | 'application/json';
  readonly body: string;
}

/** The page that says what one is looking at. `container` and `port` are ours, hence nothing to escape. */
export function demoPage(container: string, port: number, sentence: string): HttpPage {
  const body = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${container} · Towline demo</title>
<style>
  :root { color-scheme: light dark; font: 17px/1.5 system-ui, sans-serif; }
  body { max-width: 34rem; margin: 16vh auto; padding: 0 1.5rem; }
  h1 { font-size: 1.6rem; font-weight: 600; margin: 0 0 .5rem; }
  p { margin: 0 0 1rem; }
  code { padding: .1em .4em; border-radius: .3em; background: color-mix(in srgb, currentColor 10%, transparent); }
  small { opacity: .65; }
</style>
<h1>This is <code>${container}</code></h1>
<p>${sentence}</p>
<small>Served by a pretend container on its port ${port}, through one SSH connection.</small>
</html>
`;
  return { type: 'text/html', body };
}

/** The shop's API: a list of things to buy. */
export function shopApi(path: string): HttpPage {
  const found = path === '/' || path === '/products';
  const body = found ? products : { error: `no such path: ${path}`, try: '/products' };
  return { status: found ? 200 : 404, type: 'application/json', body: `${JSON.stringify(body)}\n` };
}

const products = {
  service: 'shop api',
  products: [
    { id: 1, name: 'mooring line, 12 mm', price: 24.5 },
    { id: 2, name: 'shackle, bow', price: 6.9 },
    { id: 3, name: 'fender, medium', price: 31 },
  ],
};
