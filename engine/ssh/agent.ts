import type { BaseAgent, ParsedKey } from 'ssh2';
import ssh2 from 'ssh2';
import type { Duplex } from 'node:stream';
import { withTimeout, type Clock } from '../base/clock.ts';
import type { SignatureHash } from './private-key.ts';

/** One identity that an ssh-agent holds. */
export interface AgentKey {
  readonly key: ParsedKey;
  sign(data: Buffer, hash?: SignatureHash): Promise<Buffer>;
}

const listWithinMs = 5_000;
/** It may ask a person to confirm; the server has patience for that as well, but not for ever. */
const signWithinMs = 20_000;

/** The agent's socket by ssh's rules: IdentityAgent (a path, $VARIABLE, SSH_AUTH_SOCK or none), else SSH_AUTH_SOCK. */
export function agentSocket(identityAgent: string | undefined, env: NodeJS.ProcessEnv): string | undefined {
  if (identityAgent === 'none') return undefined;
  if (identityAgent === undefined || identityAgent === 'SSH_AUTH_SOCK') return env['SSH_AUTH_SOCK'] || undefined;
  if (identityAgent.startsWith('$')) return env[identityAgent.slice(1)] || undefined;
  return identityAgent;
}

/**
 * The identities an agent offers, in its order; kinds ssh2 can't use (hardware, certificates) are left out.
 * Rejects when the agent is gone or has not answered in 5 s. One that has not signed in 20 s is not asked again.
 */
export async function listAgentKeys(socket: string, clock: Clock, signal?: AbortSignal): Promise<AgentKey[]> {
  const limit = {
    clock,
    signal,
    withinMs: listWithinMs,
    silent: () => new Error(`no answer within ${listWithinMs / 1000} s`),
  };
  const keys = await ask<unknown[]>(socket, limit, (agent, answer) => agent.getIdentities(answer));
  let silent: Error | undefined;
  const sign = async (key: ParsedKey, data: Buffer, hash: SignatureHash | undefined): Promise<Buffer> => {
    if (silent !== undefined) throw silent;
    const tooLong = (): Error => (silent = new Error(`no signature within ${signWithinMs / 1000} s`));
    return ask<Buffer>(socket, { clock, signal, withinMs: signWithinMs, silent: tooLong }, (agent, answer) =>
      agent.sign(key, data, hash === undefined ? {} : { hash }, answer),
    );
  };
  return keys.flatMap(asParsedKey).map((key) => ({ key, sign: (data, hash) => sign(key, data, hash) }));
}

interface Limit {
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
  readonly withinMs: number;
  readonly silent: () => Error;
}

type Answer<T> = (error?: Error | null, value?: T) => void;

/** Puts one question to the agent, on a connection that ends with the answer, or with the patience for it. */
async function ask<T>(
  socket: string,
  { clock, signal, withinMs, silent }: Limit,
  question: (agent: BaseAgent, answer: Answer<T>) => void,
): Promise<T> {
  const agent = ssh2.createAgent(socket);
  const hangUp = endOfStreams(agent);
  signal?.addEventListener('abort', hangUp);
  try {
    const answered = new Promise<T>((resolve, reject) => {
      question(agent, (error, value) => {
        if (value === undefined || error) reject(error ?? new Error('no answer'));
        else resolve(value);
      });
    });
    return await withTimeout(clock, withinMs, answered, silent);
  } finally {
    signal?.removeEventListener('abort', hangUp);
    hangUp();
  }
}

/** What ends the connections of an agent: ssh2 leaves those open that wait for an answer. */
function endOfStreams(agent: BaseAgent): () => void {
  const streams = new Set<Duplex>();
  if (agent instanceof ssh2.OpenSSHAgent) {
    const getStream = agent.getStream.bind(agent);
    agent.getStream = (opened) =>
      getStream((error, stream) => {
        if (stream !== undefined) streams.add(stream);
        opened(error, stream);
      });
  }
  return () => {
    for (const stream of streams) stream.destroy();
  };
}

function asParsedKey(key: unknown): ParsedKey[] {
  const parsed = ssh2.utils.parseKey(key as Buffer);
  return parsed instanceof Error ? [] : [parsed];
}
