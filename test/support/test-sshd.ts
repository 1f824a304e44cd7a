import { once } from 'node:events';
import { connect, type NetConnectOpts } from 'node:net';
import type { Duplex } from 'node:stream';
import type { AuthContext, AuthenticationType, KeyboardAuthContext } from 'ssh2';
import { dialStdio } from '../../engine/demo/dial-stdio.ts';
import { acceptsKey, generateSshKey, type SshKey } from '../../engine/demo/ssh-keys.ts';
import { memoryConnection } from '../../engine/demo/memory-stream.ts';
import type { Refusal, RefusalReason } from '../../engine/demo/ssh-refusal.ts';
import { startSshServer, type Opened, type SshServerCounts, type TcpAddress } from '../../engine/demo/ssh-server.ts';
import type { Exec } from '../../engine/demo/ssh-session.ts';
import { startTestTcpProxy, type TestTcpProxy } from './test-tcp-proxy.ts';

/** What opens the door; each given way alone is enough. An empty object denies everybody. */
export interface TestAuth {
  readonly user?: string;
  /** Allowed keys, wire format. */
  readonly publicKeys?: readonly Buffer[];
  readonly password?: string;
  /** Asked all at once through keyboard-interactive. */
  readonly prompts?: readonly { readonly prompt: string; readonly answer: string; readonly echo?: boolean }[];
}

export interface TestSshdOptions {
  /** Without it everybody is let in. */
  readonly auth?: TestAuth;
  readonly hostKey?: SshKey;
  readonly maxSessions?: number;
  readonly banner?: string;
  /** Noise before the SSH identification. */
  readonly greeting?: string;
  /** Each authentication request is answered this much later. */
  readonly delayAuthMs?: number;
  /** By default a real TCP connection from here. */
  openTcp?(this: void, target: TcpAddress, originator: TcpAddress): Opened | Promise<Opened>;
  /** By default a real unix socket of this machine. */
  openUnix?(this: void, path: string): Opened | Promise<Opened>;
  /** By default every command ends well and says nothing. */
  readonly exec?: Exec;
}

/** What to refuse from now on, and why; `undefined` lifts it. */
export type TestRefusals = Partial<Record<'tcpip' | 'streamlocal' | 'session', RefusalReason | undefined>>;

/** An sshd in this process whose faults are at hand. The network's faults (`cut`, `freeze`, `delay` …) are its `network`'s. */
export interface TestSshd {
  /** On 127.0.0.1, through `network`. */
  readonly port: number;
  readonly hostKey: SshKey;
  readonly counts: SshServerCounts;
  /** Methods tried so far, in order, as the clients named them. */
  readonly authAttempts: readonly AuthenticationType[];
  readonly network: TestTcpProxy;
  refuse(this: void, refusals: TestRefusals): void;
  /** While on, direct-streamlocal channels open and then nothing ever answers. */
  stallStreamlocal(this: void, on: boolean): void;
  dispose(): Promise<void>;
}

export async function startTestSshd(options: TestSshdOptions = {}): Promise<TestSshd> {
  const { hostKey = generateSshKey(), delayAuthMs = 0, openTcp = dialTcp, openUnix = dialUnix } = options;
  const authAttempts: AuthenticationType[] = [];
  const refusals: TestRefusals = {};
  const timers = new Set<NodeJS.Timeout>();
  let stalling = false;

  const server = await startSshServer({
    hostKey: hostKey.privateKey,
    authenticate(context) {
      authAttempts.push(context.method);
      if (delayAuthMs === 0) return decide(context, options.auth);
      const timer = setTimeout(() => {
        timers.delete(timer);
        decide(context, options.auth);
      }, delayAuthMs);
      timers.add(timer);
    },
    openTcp: (target, originator) => refusalOf(refusals.tcpip) ?? openTcp(target, originator),
    openUnix: (path) => refusalOf(refusals.streamlocal) ?? (stalling ? deadEnd() : openUnix(path)),
    refuseSession: () => refusalOf(refusals.session),
    exec: options.exec ?? (() => Promise.resolve(0)),
    ...(options.maxSessions === undefined ? {} : { maxSessions: options.maxSessions }),
    ...(options.banner === undefined ? {} : { banner: options.banner }),
    ...(options.greeting === undefined ? {} : { greeting: options.greeting }),
  });
  const network = await startTestTcpProxy(server.port);
  return {
    port: network.port,
    hostKey,
    counts: server.counts,
    authAttempts,
    network,
    refuse: (more) => void Object.assign(refusals, more),
    stallStreamlocal(on) {
      stalling = on;
    },
    async dispose() {
      for (const timer of timers) clearTimeout(timer);
      await network.dispose();
      await server.dispose();
    },
  };
}

/** An exec that serves `docker system dial-stdio` from `connectDocker` and leaves every other command to `others`. */
export function dialStdioExec(connectDocker: () => Duplex, others: Exec = () => Promise.resolve(0)): Exec {
  return (command, streams) => {
    return command.includes('docker system dial-stdio')
      ? dialStdio(connectDocker(), streams)
      : others(command, streams);
  };
}

function refusalOf(reason: RefusalReason | undefined): Refusal | undefined {
  if (reason === undefined) return undefined;
  return { refused: reason, description: reason === 'prohibited' ? 'open failed' : 'refused by the test' };
}

function deadEnd(): Duplex {
  return memoryConnection()[0];
}

function dialTcp({ host, port }: TcpAddress): Promise<Opened> {
  return dial({ host, port, allowHalfOpen: true, noDelay: true });
}

function dialUnix(path: string): Promise<Opened> {
  return dial({ path, allowHalfOpen: true });
}

async function dial(target: NetConnectOpts): Promise<Opened> {
  const socket = connect(target);
  try {
    await once(socket, 'connect');
    return socket;
  } catch (error) {
    const refused = (error as NodeJS.ErrnoException).code === 'ECONNREFUSED';
    return { refused: 'connect-failed', description: refused ? 'Connection refused' : 'open failed' };
  }
}

function decide(context: AuthContext, auth: TestAuth | undefined): void {
  if (auth === undefined) return context.accept();
  const userFits = auth.user === undefined || auth.user === context.username;
  if (userFits && context.method === 'keyboard-interactive' && auth.prompts !== undefined) {
    return ask(context, auth.prompts, () => context.reject(methods(auth)));
  }
  const fits =
    (context.method === 'publickey' && acceptsKey(context, auth.publicKeys ?? [])) ||
    (context.method === 'password' && context.password === auth.password);
  if (userFits && fits) context.accept();
  else context.reject(methods(auth));
}

function ask(context: KeyboardAuthContext, prompts: NonNullable<TestAuth['prompts']>, deny: () => void): void {
  const shown = prompts.map(({ prompt, echo = false }) => ({ prompt, echo }));
  context.prompt(shown, (answers) => {
    if (prompts.every(({ answer }, index) => answers[index] === answer)) context.accept();
    else deny();
  });
}

function methods(auth: TestAuth): AuthenticationType[] {
  return [
    ...(auth.publicKeys === undefined ? [] : (['publickey'] as const)),
    ...(auth.password === undefined ? [] : (['password'] as const)),
    ...(auth.prompts === undefined ? [] : (['keyboard-interactive'] as const)),
  ];
}
