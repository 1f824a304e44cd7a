import type { Duplex } from 'node:stream';
import type { Client, ClientChannel } from 'ssh2';
import { FailureError } from '../../shared/failure.ts';

/**
 * Why a channel was not opened (RFC 4254 §5.1), that it was but its command was not taken, or that there was no connection
 * to open it on.
 */
export type RefusalReason =
  'prohibited' | 'connect-failed' | 'unknown-type' | 'resource-shortage' | 'command-refused' | 'not-connected';

/** A channel that the server, or a dead connection, did not give. */
export class ChannelRefused extends FailureError {
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason, what: string, detail: string, options?: { cause?: unknown }) {
    super(
      { code: reason === 'not-connected' ? 'not-connected' : 'channel-refused', message: `${what}: ${detail}` },
      options,
    );
    this.name = 'ChannelRefused';
    this.reason = reason;
  }
}

const reasons: Readonly<Record<number, RefusalReason>> = {
  1: 'prohibited',
  2: 'connect-failed',
  3: 'unknown-type',
  4: 'resource-shortage',
};

/** What a number of SSH_MSG_CHANNEL_OPEN_FAILURE stands for; a number of no meaning is taken for the commonest. */
export function refusalReason(code: number): RefusalReason {
  return reasons[code] ?? 'connect-failed';
}

type Opened = (error: Error | undefined, channel: ClientChannel) => void;

/**
 * Opens a channel. ssh2 fails in two ways: it throws when the connection is gone, and it calls back when the server
 * refuses. Here both become one rejection, and nothing outside this file knows of the two.
 */
function open(client: Client, what: string, start: (opened: Opened) => void): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    try {
      start((error, channel) => {
        if (error) reject(refused(client, what, error));
        else resolve(channel);
      });
    } catch (error) {
      reject(refused(client, what, error));
    }
  });
}

function refused(client: Client, what: string, error: unknown): ChannelRefused {
  const message = error instanceof Error ? error.message : String(error);
  const code = (error as { reason?: unknown } | undefined)?.reason;
  const detail = message.replace(/^\(SSH\) Channel open failure: /, '');
  return new ChannelRefused(
    typeof code === 'number' ? refusalReason(code) : unnumbered(client, message),
    what,
    detail,
    { cause: error },
  );
}

/** What ssh2 reports without a number of the protocol is the end of the connection, as a rule. */
function unnumbered(client: Client, message: string): RefusalReason {
  if (!isConnected(client)) return 'not-connected';
  return message === 'Unable to exec' ? 'command-refused' : 'connect-failed';
}

/** ssh2 1.17 knows, though its public types have no word for it. */
function isConnected(client: Client): boolean {
  return (client as unknown as { _sock?: Duplex })._sock?.writable === true;
}

/** `direct-tcpip` to `host:port` as the server sees it, on behalf of `originator`. Costs no session. */
export function openDirectTcp(
  client: Client,
  target: { host: string; port: number },
  originator: { address: string; port: number },
): Promise<ClientChannel> {
  return open(client, `direct-tcpip to ${target.host}:${target.port}`, (opened) =>
    client.forwardOut(originator.address, originator.port, target.host, target.port, opened),
  );
}

/** `direct-streamlocal@openssh.com` to a Unix socket on the server. Costs no session. */
export function openDirectUnix(client: Client, path: string): Promise<ClientChannel> {
  return open(client, `direct-streamlocal to ${path}`, (opened) => client.openssh_forwardOutStreamLocal(path, opened));
}

/** A session channel that runs `command`. Counted by the server's MaxSessions. */
export function openExec(client: Client, command: string): Promise<ClientChannel> {
  return open(client, 'session channel', (opened) =>
    client.exec(command, (error, channel) => {
      if (error === undefined) {
        keepExit(channel);
        signalAfterEof(client, channel);
      }
      opened(error, channel);
    }),
  );
}

/** A short command's exit may come in the same breath as its start, before anybody has the channel: it is told again then. */
function keepExit(channel: ClientChannel): void {
  channel.once('exit', (...exit: unknown[]) => {
    if (channel.listenerCount('exit') === 0) channel.prependOnceListener('close', () => channel.emit('exit', ...exit));
  });
}

/** A command that has heard the end of its input can be signalled as any other; ssh2 1.17 takes it for gone. */
function signalAfterEof(client: Client, channel: ClientChannel): void {
  const { _protocol } = client as unknown as { _protocol: { signal(id: number, name: string): void } };
  const { outgoing } = channel as unknown as { outgoing: { id: number; state: string } };
  channel.signal = (name) => {
    if (outgoing.state === 'open' || outgoing.state === 'eof') _protocol.signal(outgoing.id, name);
  };
}

/** Sends a keepalive request, which every server answers, if only with a refusal. ssh2 1.17 has it, though not in its public types. */
export function requestReply(client: Client): void {
  (client as unknown as { _protocol: { ping(): void } })._protocol.ping();
}
