import type { ParsedKey } from 'ssh2';
import ssh2 from 'ssh2';
import { withTimeout, type Clock } from '../base/clock.ts';
import type { SignatureHash } from './private-key.ts';

/** One identity that an ssh-agent holds. */
export interface AgentKey {
  readonly key: ParsedKey;
  sign(data: Buffer, hash?: SignatureHash): Promise<Buffer>;
}

const answerWithinMs = 5_000;

/** The agent's socket by ssh's rules: IdentityAgent (a path, $VARIABLE, SSH_AUTH_SOCK or none), else SSH_AUTH_SOCK. */
export function agentSocket(identityAgent: string | undefined, env: NodeJS.ProcessEnv): string | undefined {
  if (identityAgent === 'none') return undefined;
  if (identityAgent === undefined || identityAgent === 'SSH_AUTH_SOCK') return env['SSH_AUTH_SOCK'] || undefined;
  if (identityAgent.startsWith('$')) return env[identityAgent.slice(1)] || undefined;
  return identityAgent;
}

/**
 * The identities an agent offers, in its order; kinds ssh2 can't use (hardware, certificates) are left out.
 * Rejects when the agent is gone or has not answered in 5 s.
 */
export async function listAgentKeys(socket: string, clock: Clock): Promise<AgentKey[]> {
  const agent = ssh2.createAgent(socket);
  const listed = new Promise<ParsedKey[]>((resolve, reject) => {
    agent.getIdentities((error, keys) => {
      if (error) reject(error);
      else resolve((keys ?? []).flatMap(asParsedKey));
    });
  });
  const silent = (): Error => new Error(`the agent at ${socket} does not answer`);
  const keys = await withTimeout(clock, answerWithinMs, listed, silent);
  return keys.map((key) => ({
    key,
    sign: (data, hash) =>
      new Promise((resolve, reject) => {
        agent.sign(key, data, hash === undefined ? {} : { hash }, (error, signature) => {
          if (signature === undefined || error) reject(error ?? new Error('the agent gave no signature'));
          else resolve(signature);
        });
      }),
  }));
}

function asParsedKey(key: unknown): ParsedKey[] {
  const parsed = ssh2.utils.parseKey(key as Buffer);
  return parsed instanceof Error ? [] : [parsed];
}
