import type { Duplex, Readable } from 'node:stream';

/** A session channel as deployments need it: stdin and stdout of a remote command, stderr beside it. */
export interface DeploySession extends Duplex {
  readonly stderr: Readable;
}

/** Opens a session channel for a command, when the host's session budget allows it. */
export type OpenSession = (command: string, signal: AbortSignal) => Promise<DeploySession>;
