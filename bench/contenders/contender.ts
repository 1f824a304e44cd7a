import type { Disposable } from '../../engine/base/disposables.ts';
import type { Address } from '../load.ts';

/** One way to the far end. With a `pid` it is a process whose CPU and memory can be read. */
export interface Contender extends Disposable {
  readonly name: string;
  readonly address: Address;
  readonly pid?: number;
}

/** The sshd that a contender logs in to: the test host's own, or the same at the end of a long wire. */
export interface SshPlace {
  readonly address: string;
  readonly port: number;
  readonly user: string;
  readonly identityFile: string;
  readonly knownHostsFile: string;
}

export function existing(name: string, address: Address): Contender {
  return { name, address, dispose: () => undefined };
}
