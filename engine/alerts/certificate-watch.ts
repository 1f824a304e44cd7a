import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as tlsConnect } from 'node:tls';
import type { Stack } from '../../shared/stack.ts';
import { withTimeout, type Clock } from '../base/clock.ts';
import { CoalescedPass } from '../base/coalesced.ts';
import { DisposableStore, type Disposable } from '../base/disposables.ts';
import type { Logger } from '../base/logger.ts';
import type { Certificate } from './trouble.ts';

/** A place where TLS is spoken, as a check of a stack names it. */
export interface DeclaredEndpoint {
  readonly stack: string;
  readonly hostId: string;
  readonly host: string;
  readonly port: number;
  readonly via: 'host' | 'direct';
}

/** Opens a connection to an endpoint; it need not answer in time. */
export type DialEndpoint = (endpoint: DeclaredEndpoint, signal: AbortSignal) => Promise<Duplex>;

export interface CertificateWatchOptions {
  readonly stacks: () => readonly Stack[];
  readonly dial: DialEndpoint;
  readonly clock: Clock;
  readonly log: Logger;
}

const lookEveryMs = 15 * 60_000;
/** A certificate that was seen is looked at again after this long. */
const freshMs = 24 * 3_600_000;
const answerMs = 10_000;

/** Looks once a day until when the certificates of declared endpoints are valid. One that can't be reached is tried again soon, and said by the gates of its stack. */
export class CertificateWatch implements Disposable {
  readonly #options: CertificateWatchOptions;
  readonly #owned = new DisposableStore();
  readonly #ended = new AbortController();
  readonly #seen = new Map<string, { readonly certificate: Certificate; readonly at: number }>();
  readonly #pass = new CoalescedPass(() => this.#lookAtAll());

  constructor(options: CertificateWatchOptions) {
    this.#options = options;
    this.#owned.defer(() => this.#ended.abort(new Error('the engine stops')));
    this.#owned.add(options.clock.every(lookEveryMs, () => void this.look()));
  }

  get certificates(): Certificate[] {
    return [...this.#seen.values()].map(({ certificate }) => certificate);
  }

  /** Looks at those that were not seen within the last day; one after the other. */
  async look(): Promise<void> {
    await this.#pass.request();
  }

  dispose(): Promise<void> {
    return this.#owned.dispose();
  }

  async #lookAtAll(): Promise<void> {
    const declared = new Map(declaredEndpoints(this.#options.stacks()).map((endpoint) => [keyOf(endpoint), endpoint]));
    for (const key of this.#seen.keys()) if (!declared.has(key)) this.#seen.delete(key);
    for (const [key, endpoint] of declared) await this.#lookAt(key, endpoint);
  }

  async #lookAt(key: string, endpoint: DeclaredEndpoint): Promise<void> {
    const { clock, dial, log } = this.#options;
    const seen = this.#seen.get(key);
    if (this.#ended.signal.aborted || (seen !== undefined && clock.monotonic() - seen.at < freshMs)) return;
    const over = new AbortController();
    const signal = AbortSignal.any([over.signal, this.#ended.signal]);
    const { stack, hostId, host, port } = endpoint;
    try {
      const asked = dial(endpoint, signal).then((stream) => validUntil(stream, host, signal));
      const until = await withTimeout(clock, answerMs, asked, () => new Error('no answer'));
      this.#seen.set(key, {
        certificate: { endpoint: `${host}:${port}`, hostId, stack, until },
        at: clock.monotonic(),
      });
    } catch (error) {
      log.debug('certificate could not be seen', { stack, endpoint: `${host}:${port}`, error: String(error) });
    } finally {
      over.abort(new Error('no answer'));
    }
  }
}

/** Those of `tls` checks and of `https` addresses whose certificate matters. */
export function declaredEndpoints(stacks: readonly Stack[]): DeclaredEndpoint[] {
  return stacks.flatMap(({ name: stack, host: hostId, checks }) =>
    checks.flatMap((check): DeclaredEndpoint[] => {
      if (check.kind === 'tls') return [{ stack, hostId, host: check.host, port: check.port, via: check.via }];
      if (check.kind !== 'http' || check.insecure || !check.url.startsWith('https:')) return [];
      const { hostname, port } = new URL(check.url);
      const host = hostname.replace(/^\[|\]$/g, '');
      return [{ stack, hostId, host, port: port === '' ? 443 : Number(port), via: check.via }];
    }),
  );
}

/** Until when the certificate that is shown there is valid, Unix ms. Whether anybody vouches for it is not the question. */
function validUntil(stream: Duplex, host: string, signal: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = tlsConnect({
      socket: stream,
      rejectUnauthorized: false,
      ...(isIP(host) ? {} : { servername: host }),
    });
    const end = (): void => void stream.destroy();
    signal.addEventListener('abort', end, { once: true });
    socket.once('secureConnect', () => {
      const until = Date.parse(socket.getPeerCertificate().valid_to);
      socket.destroy();
      end();
      if (Number.isNaN(until)) reject(new Error('no certificate'));
      else resolve(until);
    });
    socket.once('error', reject);
    socket.once('close', () => {
      end();
      reject(new Error('closed'));
    });
    if (signal.aborted) end();
  });
}

function keyOf({ stack, host, port, via }: DeclaredEndpoint): string {
  return `${stack} ${via} ${host}:${port}`;
}
