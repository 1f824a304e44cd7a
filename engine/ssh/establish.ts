import { Client, type Algorithms, type AuthHandlerMiddleware } from 'ssh2';
import type { Duplex } from 'node:stream';
import type { Clock } from '../base/clock.ts';
import { Deadline } from '../base/deadline.ts';
import { FailureError } from '../../shared/failure.ts';
import { greetingFailure } from './connection-failure.ts';
import { corkEachTurn } from './cork.ts';
import { Greeting } from './greeting.ts';
import type { NegotiatedAlgorithms } from './link.ts';

/** All that one attempt to connect needs to know, resolved anew for every attempt. */
export interface ConnectPlan {
  /** The address, as the user knows it. */
  readonly where: string;
  readonly username: string;
  readonly algorithms: Algorithms;
  /** What the user wished for and this runtime lacks. */
  readonly unsupported?: readonly string[];
  readonly keepaliveIntervalMs: number;
  readonly keepaliveCountMax: number;
  /** Opens what SSH is spoken over: a TCP connection, a proxy command, a channel of a jump host. */
  openTransport(signal: AbortSignal): Promise<Duplex>;
  readonly authHandler: AuthHandlerMiddleware;
  verifyHostKey(key: Buffer, verdict: (trusted: boolean) => void): void;
  /** What trust and authentication found to be wrong, in better words than ssh2's `cause`. */
  failure(cause: unknown): FailureError | undefined;
  /** Told once how the attempt ended; `undefined` is success. */
  ended?(error: unknown): void;
}

/** An authenticated connection and the transport below it. */
export interface Established {
  readonly client: Client;
  readonly transport: Duplex;
  /** The server's identification line, `SSH-2.0-OpenSSH_9.2p1 …`. */
  readonly ident: string;
  readonly algorithms: NegotiatedAlgorithms | undefined;
}

export interface EstablishOptions {
  /** Made for this attempt; `ask` wraps whatever waits for a person, who is not to be timed. */
  plan(ask: <T>(question: () => Promise<T>) => Promise<T>, signal: AbortSignal): Promise<ConnectPlan>;
  onTransportUp(): void;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** From the transport being up to the login being through. The transport itself has a limit of its own. */
const handshakeTimeoutMs = 30_000;

/** One attempt: transport, handshake, host key, login. Rejects with the cause; leaves nothing open then. */
export async function establish(options: EstablishOptions): Promise<Established> {
  const { clock } = options;
  const attempt = new AbortController();
  const signal = AbortSignal.any([attempt.signal, options.signal]);
  let deadline: Deadline | undefined;
  let plan: ConnectPlan | undefined;
  const ask = <T>(question: () => Promise<T>): Promise<T> => deadline?.during(question) ?? question();
  try {
    plan = await unlessAborted(options.plan(ask, signal), signal);
    const { where } = plan;
    const transport = await transportOf(plan, signal);
    deadline = new Deadline(clock, handshakeTimeoutMs, () => attempt.abort(handshakeTimeout(where)));
    options.onTransportUp();
    const established = await login(plan, transport, signal);
    plan.ended?.(undefined);
    return established;
  } catch (error) {
    plan?.ended?.(error);
    throw error;
  } finally {
    deadline?.dispose();
  }
}

/** What comes after the attempt was given up is closed. */
async function transportOf(plan: ConnectPlan, signal: AbortSignal): Promise<Duplex> {
  const opening = plan.openTransport(signal);
  try {
    const transport = await unlessAborted(opening, signal);
    signal.throwIfAborted();
    return transport;
  } catch (error) {
    opening.then(
      (late) => late.destroy(),
      () => undefined,
    );
    throw error;
  }
}

function login(plan: ConnectPlan, transport: Duplex, signal: AbortSignal): Promise<Established> {
  return new Promise((resolve, reject) => {
    const client = new Client();
    const greeting = new Greeting(transport);
    const settle = (): void => {
      signal.removeEventListener('abort', onAbort);
      void greeting.dispose();
      client.removeAllListeners();
      client.on('error', () => undefined); // late news, or news before the next owner listens: `close` follows
    };
    const fail = (error: unknown): void => {
      settle();
      client.destroy();
      transport.destroy();
      const unnamed = greeting.ident === '' && !signal.aborted ? greetingOf(error) : undefined;
      reject(plan.failure(error) ?? unnamed ?? (error as Error));
    };
    const greetingOf = (error: unknown): FailureError | undefined =>
      isHangUp(error) ? greetingFailure(greeting.heard, plan.where) : undefined;
    const onAbort = (): void => fail(signal.reason);
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    let algorithms: NegotiatedAlgorithms | undefined;
    client.once('handshake', ({ kex, serverHostKey, cs }) => {
      algorithms = {
        kex,
        hostKey: serverHostKey,
        cipher: cs.cipher,
        ...(cs.mac === '' ? {} : { mac: cs.mac }),
        ...(plan.unsupported?.length ? { unsupported: [...plan.unsupported] } : {}),
      };
    });
    client.once('ready', () => {
      settle();
      resolve({ client, transport, ident: greeting.ident, algorithms });
    });
    client.once('error', fail);
    client.once('close', () => fail(new Error('the server closed the connection during login')));
    try {
      corkEachTurn(transport);
      client.connect({
        sock: transport,
        username: plan.username,
        algorithms: plan.algorithms,
        authHandler: plan.authHandler,
        hostVerifier: (key: Buffer, verdict: (trusted: boolean) => void) => plan.verifyHostKey(key, verdict),
        keepaliveInterval: plan.keepaliveIntervalMs,
        keepaliveCountMax: plan.keepaliveCountMax,
        readyTimeout: 0, // the attempt has its own limit, which does not count the time a person needs
        strictVendor: false,
      });
    } catch (error) {
      fail(error); // it checks its configuration by throwing
    }
  });
}

/** Whether the server closed the connection, in order or not, as opposed to saying something that ssh2 does not like. */
function isHangUp(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return (
    code === 'ECONNRESET' || code === 'EPIPE' || /closed the connection|lost before handshake/i.test(String(message))
  );
}

/** The promise's result, unless the signal is aborted first; what the promise comes to after that does not matter. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

function handshakeTimeout(where: string): FailureError {
  return new FailureError({
    code: 'handshake-timeout',
    message: `${where} did not complete the SSH handshake within ${handshakeTimeoutMs / 1000} s.`,
    hint: 'It may be overloaded (MaxStartups) or not speak SSH. Towline tries again by itself.',
  });
}
