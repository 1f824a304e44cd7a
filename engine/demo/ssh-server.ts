import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import ssh2, { type AuthContext, type Connection, type ServerChannel } from 'ssh2';
import type { Disposable } from '../base/disposables.ts';
import { joinChannel } from './channel-join.ts';
import { isRefusal, refuser, type Refusal } from './ssh-refusal.ts';
import { serveSession, type Exec } from './ssh-session.ts';

export interface TcpAddress {
  readonly host: string;
  readonly port: number;
}

/** What a channel leads to, or why it leads nowhere. */
export type Opened = Duplex | Refusal;

export interface SshServerOptions {
  /** Private key text. */
  readonly hostKey: string;
  /** Decides each authentication request: calls the context's `accept` or `reject`, at once or later. */
  authenticate(this: void, context: AuthContext): void;
  /** Where a direct-tcpip channel leads. */
  openTcp(this: void, target: TcpAddress, originator: TcpAddress): Opened | Promise<Opened>;
  /** Where a direct-streamlocal@openssh.com channel leads. */
  openUnix(this: void, path: string): Opened | Promise<Opened>;
  readonly exec: Exec;
  /** Session channels per connection; more are refused with OpenSSH's own "open failed". Default 10. */
  readonly maxSessions?: number;
  /** Asked for each session channel; a refusal here comes before `maxSessions`. */
  refuseSession?(this: void): Refusal | undefined;
  /** Text shown to the client before authentication. */
  readonly banner?: string;
  /** Lines sent before the SSH identification, as RFC 4253 §4.2 lets a server do. */
  readonly greeting?: string;
}

export interface SshServer extends Disposable {
  /** On 127.0.0.1. */
  readonly port: number;
  readonly counts: SshServerCounts;
}

export interface SshServerCounts {
  /** TCP connections accepted, ever and now. */
  readonly connections: number;
  readonly connectionsOpen: number;
  /** Clients that have authenticated, ever. */
  readonly authenticated: number;
  /** Session channels opened, ever and now. */
  readonly sessionsOpened: number;
  readonly sessionsOpen: number;
  /** direct-tcpip and direct-streamlocal channels opened, ever and now. */
  readonly channelsOpened: number;
  readonly channelsOpen: number;
}

type Counts = { -readonly [Name in keyof SshServerCounts]: number };

/** A small SSH server on a free port of 127.0.0.1: authentication, direct channels and exec, each by a function given. */
export async function startSshServer(options: SshServerOptions): Promise<SshServer> {
  const counts: Counts = {
    connections: 0,
    connectionsOpen: 0,
    authenticated: 0,
    sessionsOpened: 0,
    sessionsOpen: 0,
    channelsOpened: 0,
    channelsOpen: 0,
  };
  const sshd = new ssh2.Server({
    hostKeys: [options.hostKey],
    ident: 'OpenSSH_9.6 towline-demo', // strict clients ask only an OpenSSH for streamlocal
    ...(options.banner === undefined ? {} : { banner: options.banner }),
    ...(options.greeting === undefined ? {} : { greeting: options.greeting }),
  });
  sshd.on('connection', (connection: Connection) => serveConnection(connection, options, counts));

  const sockets = new Set<Socket>();
  const listener = createServer({ noDelay: true }, (socket) => {
    counts.connections += 1;
    counts.connectionsOpen += 1;
    sockets.add(socket);
    socket.on('close', () => {
      counts.connectionsOpen -= 1;
      sockets.delete(socket);
    });
    sshd.injectSocket(socket); // our own listener, because ssh2's forgets a socket that never speaks SSH
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return {
    port: (listener.address() as AddressInfo).port,
    counts,
    async dispose() {
      if (!listener.listening) return;
      const closed = once(listener, 'close');
      listener.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Serves one client from its identification on. */
function serveConnection(connection: Connection, options: SshServerOptions, counts: Counts): void {
  const gone = new AbortController();
  const targets = new Set<Duplex>();
  const refuse = refuser(connection);
  let sessions = 0;

  connection.on('error', () => undefined); // a client that breaks off or talks nonsense; `close` follows
  connection.on('authentication', (context) => options.authenticate(context));
  connection.on('ready', () => {
    counts.authenticated += 1;
  });
  connection.on('close', () => {
    gone.abort();
    for (const target of targets) target.destroy();
  });

  const open = async (
    accept: () => ServerChannel,
    reject: () => void,
    dial: () => Opened | Promise<Opened>,
  ): Promise<void> => {
    let target: Opened;
    try {
      target = await dial();
    } catch (error) {
      target = { refused: 'connect-failed', description: String(error) };
    }
    if (isRefusal(target)) return refuse(reject, target);
    if (gone.signal.aborted) return void target.destroy();
    const channel = accept();
    targets.add(target);
    counts.channelsOpened += 1;
    counts.channelsOpen += 1;
    target.on('close', () => targets.delete(target));
    channel.on('close', () => (counts.channelsOpen -= 1));
    joinChannel(channel, target);
  };
  connection.on('tcpip', (accept, reject, { destIP, destPort, srcIP, srcPort }) => {
    const dial = (): Opened | Promise<Opened> => {
      return options.openTcp({ host: destIP, port: destPort }, { host: srcIP, port: srcPort });
    };
    void open(accept, reject, dial); // never rejects: a failure is told to the client
  });
  connection.on('openssh.streamlocal', (accept, reject, { socketPath }) => {
    void open(accept, reject, () => options.openUnix(socketPath)); // never rejects, as above
  });
  connection.on('session', (accept, reject) => {
    const refusal = options.refuseSession?.();
    if (refusal !== undefined) return refuse(reject, refusal);
    if (sessions >= (options.maxSessions ?? 10)) {
      return refuse(reject, { refused: 'connect-failed', description: 'open failed' });
    }
    sessions += 1;
    counts.sessionsOpened += 1;
    counts.sessionsOpen += 1;
    const session = accept();
    const closed = new AbortController();
    closed.signal.addEventListener('abort', () => {
      sessions -= 1;
      counts.sessionsOpen -= 1;
    });
    session.on('close', () => closed.abort());
    gone.signal.addEventListener('abort', () => closed.abort());
    serveSession(session, options.exec, closed.signal);
  });
}
