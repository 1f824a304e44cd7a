import { request as httpRequest, type IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as tlsConnect, type PeerCertificate, type TLSSocket } from 'node:tls';
import type { GateReport } from '../../shared/deploy.ts';
import { toFailure } from '../../shared/failure.ts';
import type { EndpointCheck } from '../../shared/stack.ts';
import { sleep, type Clock } from '../base/clock.ts';

/** Opens a connection to a target as the host sees it, or as this machine does. */
export type Dial = (target: { host: string; port: number }, via: 'host' | 'direct') => Promise<Duplex>;

export interface CheckOptions {
  readonly dial: Dial;
  readonly clock: Clock;
  /** For how long it is asked again. 0: once. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

type Seen = { ok: boolean; saw: string };

const askEveryMs = 500;
/** What one attempt may take. */
const answerMs = 10_000;
const maxBody = 1024 * 1024;
const dayMs = 86_400_000;

/** Asks until the endpoint is as it should be, or time is over; then with what was seen last. */
export async function checkEndpoint(check: EndpointCheck, options: CheckOptions): Promise<GateReport> {
  const { clock, timeoutMs, signal } = options;
  const began = clock.monotonic();
  for (;;) {
    const seen = await attempt(check, options);
    signal.throwIfAborted();
    if (seen.ok || clock.monotonic() - began >= timeoutMs) return { gate: nameOf(check), ...seen };
    await sleep(clock, askEveryMs, signal);
  }
}

function nameOf(check: EndpointCheck): string {
  return check.kind === 'http' ? check.url : `${check.kind} ${check.host}:${check.port}`;
}

async function attempt(check: EndpointCheck, { dial, clock, signal }: CheckOptions): Promise<Seen> {
  const over = new AbortController();
  const stop = (): void => over.abort(new Error(`no answer within ${answerMs / 1000} s`));
  const timer = clock.after(answerMs, stop);
  signal.addEventListener('abort', stop, { once: true });
  const open: Duplex[] = [];
  try {
    const target = check.kind === 'http' ? targetOf(new URL(check.url)) : { host: check.host, port: check.port };
    const stream = await dial(target, check.via);
    open.push(stream.on('error', () => undefined));
    over.signal.addEventListener('abort', () => stream.destroy(over.signal.reason as Error));
    over.signal.throwIfAborted();
    return await examine(check, stream, clock);
  } catch (error) {
    const { message } = toFailure(over.signal.aborted ? over.signal.reason : error);
    return { ok: false, saw: message.replace(/; if the root CA .*/, '') }; // Node's advice is for programmers
  } finally {
    void timer.dispose();
    signal.removeEventListener('abort', stop);
    for (const stream of open) stream.destroy();
  }
}

async function examine(check: EndpointCheck, stream: Duplex, clock: Clock): Promise<Seen> {
  switch (check.kind) {
    case 'tcp':
      return { ok: true, saw: 'accepts connections' };
    case 'tls':
      return certificateSeen(await secured(stream, check.host, false), check.minDays, clock);
    case 'http': {
      const url = new URL(check.url);
      const carrier = url.protocol === 'https:' ? await secured(stream, url.hostname, check.insecure) : stream;
      return answerSeen(await fetchOver(carrier, url), check);
    }
  }
}

function targetOf(url: URL): { host: string; port: number } {
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port };
}

function secured(stream: Duplex, host: string, insecure: boolean): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const name = host.replace(/^\[|\]$/g, '');
    const socket = tlsConnect({
      socket: stream,
      host: name,
      rejectUnauthorized: !insecure,
      ...(isIP(name) ? {} : { servername: name }),
    });
    socket.once('secureConnect', () => resolve(socket));
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the connection was closed before TLS was agreed on')));
  });
}

function certificateSeen(socket: TLSSocket, minDays: number, clock: Clock): Seen {
  const { valid_to: until, subject }: Pick<PeerCertificate, 'valid_to' | 'subject'> = socket.getPeerCertificate();
  const days = Math.floor((Date.parse(until) - clock.now()) / dayMs);
  return {
    ok: days >= minDays,
    saw: `certificate of ${String(subject?.CN ?? 'nobody')} is valid for ${days} more days`,
  };
}

function fetchOver(stream: Duplex, url: URL): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const headers = { host: url.host, connection: 'close', 'user-agent': 'towline' };
    const path = `${url.pathname}${url.search}`;
    const request = httpRequest({ createConnection: () => stream, path, headers }, (response: IncomingMessage) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        if (body.length < maxBody) body += chunk;
      });
      response.once('end', () => resolve({ status: response.statusCode ?? 0, body }));
      response.once('error', reject);
    });
    request.once('error', reject).end();
  });
}

function answerSeen({ status, body }: { status: number; body: string }, check: EndpointCheck & { kind: 'http' }): Seen {
  if (status !== check.status) return { ok: false, saw: `status ${status} instead of ${check.status}` };
  if (check.body === undefined) return { ok: true, saw: `status ${status}` };
  if (new RegExp(check.body).test(body)) return { ok: true, saw: `status ${status}, body matches` };
  return { ok: false, saw: `status ${status}, but the body does not match /${check.body}/` };
}
