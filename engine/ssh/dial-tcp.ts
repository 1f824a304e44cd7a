import { connect, isIP, type Socket, type TcpNetConnectOpts } from 'node:net';
import type { Clock } from '../base/clock.ts';
import { FailureError } from '../../shared/failure.ts';

export interface DialOptions {
  readonly host: string;
  readonly port: number;
  readonly timeoutMs: number;
  readonly family?: 4 | 6;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Node's own unless given. */
  readonly connect?: (options: TcpNetConnectOpts) => Socket;
}

/** How long a connect may go unanswered before another one is sent beside it. */
const redialMs = 900;
/** No more than this many connects are under way at once; the oldest gives way. */
const maxDials = 8;

/**
 * One TCP connection. While it goes unanswered a fresh connect starts beside it every 0.9 s and the first to be
 * answered wins: the kernel repeats a lost SYN only after 1, 3, 7, 15 … s, so a network that comes back would
 * otherwise be noticed up to half the outage late. All addresses of the name are tried (happy eyeballs).
 */
export function dialTcp(options: DialOptions): Promise<Socket> {
  const { host, port, timeoutMs, family, signal, clock } = options;
  const open = options.connect ?? connect;
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error);
    const dials = new Set<Socket>();
    let resolving = isIP(host) === 0; // a slow resolver is not helped by more questions

    const settle = (winner: Socket | undefined, error?: Error): void => {
      void redial.dispose();
      void timeout.dispose();
      signal.removeEventListener('abort', onAbort);
      for (const socket of dials) if (socket !== winner) socket.destroy();
      dials.clear();
      if (winner === undefined) return reject(error ?? new Error('aborted'));
      winner.removeAllListeners('error');
      resolve(winner);
    };
    const dial = (): void => {
      const [oldest] = dials;
      if (oldest !== undefined && dials.size >= maxDials) giveUp(oldest);
      const socket = open({
        host,
        port,
        noDelay: true,
        autoSelectFamily: true,
        ...(family === undefined ? {} : { family }),
      });
      dials.add(socket);
      socket.once('lookup', () => {
        resolving = false;
      });
      // Once it is decided, what the others have to say is of no interest.
      socket.once('connect', () => dials.has(socket) && settle(socket));
      socket.on('error', (error) => dials.has(socket) && settle(undefined, error));
    };
    const giveUp = (socket: Socket): void => {
      dials.delete(socket);
      socket.destroy();
    };
    const onAbort = (): void => settle(undefined, signal.reason as Error);

    signal.addEventListener('abort', onAbort, { once: true });
    const timeout = clock.after(timeoutMs, () => settle(undefined, timedOut(host, port, timeoutMs)));
    const redial = clock.every(redialMs, () => {
      if (!resolving) dial();
    });
    dial();
  });
}

function timedOut(host: string, port: number, timeoutMs: number): FailureError {
  return new FailureError({
    code: 'host-unreachable',
    message: `${host.includes(':') ? `[${host}]` : host}:${port} does not answer (${Math.round(timeoutMs / 1000)} s).`,
    hint: 'Check the address, the network and the firewall in between.',
  });
}
