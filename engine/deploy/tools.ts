import type { GateKeeper } from './gates.ts';
import type { HashMemory } from './hash-memory.ts';
import type { OpenSession } from './session.ts';

/** What a host lends to its deployments. */
export interface DeployTools extends GateKeeper {
  readonly openSession: OpenSession;
  /** Who deploys, for the lock and the history: `me@laptop`. */
  readonly owner: string;
  readonly hashes: HashMemory;
}
