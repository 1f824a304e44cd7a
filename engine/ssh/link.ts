import type { Duplex, Readable } from 'node:stream';
import type { Event } from '../base/emitter.ts';

/** A stream inside a connection. Its end comes as `end` and `close`; an `error` comes only with the loss of the connection. */
export type Channel = Duplex;

/**
 * A session channel: stdin and stdout of a remote command, stderr beside it. Emits `exit` with (code) or (null, signal) before
 * `close`; a `close` without it means that the result is unknown.
 */
export interface SessionChannel extends Channel {
  readonly stderr: Readable;
  /** Sends a signal to the remote command (RFC 4254 §6.9), as `TERM`; servers may ignore it. */
  signal(name: string): void;
}

/** What client and server agreed upon. Ciphers that authenticate by themselves need no MAC. */
export interface NegotiatedAlgorithms {
  readonly kex: string;
  readonly hostKey: string;
  readonly cipher: string;
  readonly mac?: string;
  /** Wishes of the user's ssh_config that could not be honoured. */
  readonly unsupported?: string[];
}

/** One authenticated connection to a host, by whichever means: it opens channels until it closes. */
export interface SshLink {
  /** The server's identification line, or what made the connection, for people to read. */
  readonly ident: string;
  /** Undefined where whoever holds the connection does not tell. */
  readonly algorithms: NegotiatedAlgorithms | undefined;
  /** Fires once, when the connection is gone for whatever reason; every open channel has had its `error` by then. */
  readonly onDidClose: Event<Error>;
  /** `direct-tcpip` to a host and port as the server sees them. Rejects with `ChannelRefused`. */
  openTcp(target: { host: string; port: number }, originator: { address: string; port: number }): Promise<Channel>;
  /** `direct-streamlocal@openssh.com` to a Unix socket of the server. Rejects with `ChannelRefused`. */
  openUnix(path: string): Promise<Channel>;
  /** Runs a command in a session channel, which the server's MaxSessions counts. Rejects with `ChannelRefused`. */
  openSession(command: string): Promise<SessionChannel>;
  /** Resolves when the server gives any sign of life; whoever asks sets the limit. */
  signOfLife(): Promise<void>;
  /** Ends it, however often it is asked. Resolves when nothing of it is left, which takes no longer than a second or so. */
  close(): Promise<void>;
}
