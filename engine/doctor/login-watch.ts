import type { Failure } from '../../shared/failure.ts';
import type { Clock } from '../base/clock.ts';
import { establish, type ConnectPlan, type Established, type EstablishOptions } from '../ssh/establish.ts';
import { fingerprintOf } from '../ssh/fingerprint.ts';
import { keyTypeOf } from '../ssh/key-blob.ts';
import { HelloReader, type KexOffer, type ServerHello } from './server-hello.ts';

/** One thing that was offered to the server to be let in. */
export interface Credential {
  readonly method: string;
  readonly key?: { readonly type: string; readonly fingerprint: string };
}

/** All that was seen of one login. What is missing was not reached. */
export interface LoginEvidence {
  readonly where?: string;
  readonly user?: string;
  readonly transportUp: boolean;
  readonly address?: string;
  readonly hello: ServerHello;
  readonly ours?: KexOffer;
  readonly keepalive?: { readonly intervalMs: number; readonly countMax: number };
  readonly hostKey?: { readonly type: string; readonly fingerprint: string; readonly trusted?: boolean } | undefined;
  /** What the server said it takes; empty when it let us in without, or never said. */
  readonly methods: readonly string[];
  readonly tried: readonly Credential[];
  /** Why it ended; undefined when we are in. */
  readonly failure?: Failure;
}

export interface LoginResult {
  readonly evidence: LoginEvidence;
  readonly login: Established | undefined;
}

/** What an auth handler passes on; `false`, which the types leave out, gives up. */
type Next = Parameters<ConnectPlan['authHandler']>[2];
type Offered = Exclude<Parameters<Next>[0], string>;
type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

interface WatchOptions {
  /** The words for what went wrong. */
  readonly explain: (error: unknown) => Promise<Failure>;
  readonly plan: EstablishOptions['plan'];
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Logs in by the plan, as the engine would, and keeps what can be seen on the way. Never rejects. */
export async function watchLogin({ explain, plan, clock, signal }: WatchOptions): Promise<LoginResult> {
  const reader = new HelloReader();
  const tried: Credential[] = [];
  const seen: Writable<Omit<LoginEvidence, 'hello' | 'tried'>> = { transportUp: false, methods: [] };
  const evidence = (): LoginEvidence => ({ ...seen, tried, hello: reader.hello });
  const watched = async (...args: Parameters<typeof plan>): Promise<ConnectPlan> => {
    const made = await plan(...args);
    const { kex, serverHostKey: hostKey, cipher, hmac: mac } = made.algorithms;
    seen.where = made.where;
    seen.user = made.username;
    seen.ours = { kex: names(kex), hostKey: names(hostKey), cipher: names(cipher), mac: names(mac) };
    seen.keepalive = { intervalMs: made.keepaliveIntervalMs, countMax: made.keepaliveCountMax };
    return {
      ...made,
      openTransport: async (transportSignal) => {
        const transport = await made.openTransport(transportSignal);
        seen.transportUp = true;
        const address = (transport as { remoteAddress?: unknown }).remoteAddress;
        if (typeof address === 'string') seen.address = address;
        transport.on('data', (chunk: Buffer) => reader.hear(chunk));
        return transport;
      },
      verifyHostKey: (key, verdict) => {
        const shown = { type: keyTypeOf(key) ?? 'unknown', fingerprint: fingerprintOf(key) };
        seen.hostKey = shown;
        made.verifyHostKey(key, (trusted) => {
          seen.hostKey = { ...shown, trusted };
          verdict(trusted);
        });
      },
      authHandler: (methods, partial, next) => {
        if (seen.methods.length === 0) seen.methods = methods ?? [];
        made.authHandler(methods, partial, (offered) => {
          if (typeof offered === 'object') tried.push(credentialOf(offered));
          next(offered);
        });
      },
      failure: (cause) => made.failure(cause),
    };
  };
  try {
    const login = await establish({ plan: watched, clock, signal, onTransportUp: () => undefined });
    return { login, evidence: evidence() };
  } catch (error) {
    seen.failure = await explain(error);
    return { login: undefined, evidence: evidence() };
  }
}

/** ssh2 takes a list or changes to its own list; the engine's plans always give lists. */
function names(list: unknown): readonly string[] {
  return Array.isArray(list) ? (list as string[]) : [];
}

function credentialOf(offered: Offered): Credential {
  if (offered.type !== 'agent') return { method: offered.type };
  let key: Buffer | undefined;
  if (typeof offered.agent !== 'string') {
    offered.agent.getIdentities((_error, keys) => {
      const first = keys?.[0];
      if (typeof first === 'object' && 'getPublicSSH' in first) key = first.getPublicSSH();
    });
  }
  if (key === undefined) return { method: 'publickey' };
  return { method: 'publickey', key: { type: keyTypeOf(key) ?? 'unknown', fingerprint: fingerprintOf(key) } };
}
