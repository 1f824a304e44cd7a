import type { Duplex } from 'node:stream';
import { FailureError } from '../../shared/failure.ts';
import type { Target } from '../../shared/target.ts';
import type { Clock } from '../base/clock.ts';
import { openDirectTcp } from './channels.ts';
import { dialTcp } from './dial-tcp.ts';
import type { Established } from './establish.ts';
import { openProxyCommand } from './proxy-command.ts';
import type { ResolvedHost } from './resolved-host.ts';

/** Opens a stream to a host and port from where the last hop stands. */
export type Via = (target: { host: string; port: number }) => Promise<Duplex>;

export interface TransportOptions {
  readonly host: ResolvedHost;
  readonly clock: Clock;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  /** Logs in to a jump host: from this machine, or from the hop before it. */
  readonly connectHop: (hop: Target, via: Via | undefined) => Promise<Established>;
  /** Set inside a chain of jumps: the way is given, whatever the configuration says. */
  readonly via?: Via | undefined;
}

const connectTimeoutMs = 30_000;

/** What SSH to this host is spoken over: a TCP connection, a proxy command, or a channel of the last jump host. */
export async function openTransport(options: TransportOptions): Promise<Duplex> {
  const { host, env, via } = options;
  if (via !== undefined) return via({ host: host.hostName, port: host.port });
  if (host.proxyCommand !== undefined) return openProxyCommand(host.proxyCommand, env);
  if (host.proxyJump.length > 0) return openThroughJumps(options);
  return dialTcp({
    host: host.hostName,
    port: host.port,
    timeoutMs: host.connectTimeoutMs ?? connectTimeoutMs,
    ...(host.addressFamily === 'any' ? {} : { family: host.addressFamily === 'inet' ? 4 : 6 }),
    signal: options.signal,
    clock: options.clock,
  });
}

/**
 * One login per hop, each inside a direct-tcpip channel of the one before, each with its own key and its own host key under its
 * own name. When the last stream closes all hops are closed, last first; when a hop dies the stream above dies with it.
 */
async function openThroughJumps({ host, connectHop }: TransportOptions): Promise<Duplex> {
  const hops: Established[] = [];
  const closeAll = (): void => {
    for (const hop of hops.splice(0).reverse()) hop.client.destroy();
  };
  try {
    let via: Via | undefined;
    for (const hop of host.proxyJump) {
      const established = await connectHop(hop, via);
      hops.push(established);
      established.client.on('error', () => undefined); // its close is what counts
      via = (target) => channelTo(established, target);
    }
    if (via === undefined) throw new Error('a chain of jumps without a jump');
    const transport = await via({ host: host.hostName, port: host.port });
    transport.once('close', closeAll);
    // Whoever destroys it is done with all of it; ssh2 would tell of the close only once all is read.
    const destroy = transport.destroy.bind(transport);
    transport.destroy = (error) => {
      closeAll();
      return destroy(error);
    };
    return transport;
  } catch (error) {
    closeAll();
    throw error;
  }
}

async function channelTo({ client }: Established, target: { host: string; port: number }): Promise<Duplex> {
  const channel = await openDirectTcp(client, target, { address: '127.0.0.1', port: 0 }).catch((error: unknown) => {
    throw new FailureError(
      {
        code: 'jump-refused',
        message: `The jump host does not lead on to ${target.host}:${target.port}: ${error instanceof Error ? error.message : String(error)}.`,
        hint: 'Check that its sshd allows it (AllowTcpForwarding, PermitOpen) and that it can reach the next host.',
      },
      { cause: error },
    );
  });
  channel.on('error', () => undefined);
  client.once('close', () => channel.destroy());
  return channel;
}
