import { withTimeout, type Clock } from '../base/clock.ts';
import { ChannelRefused, openDirectTcp, openDirectUnix, openExec, type RefusalReason } from '../ssh/channels.ts';
import type { Established } from '../ssh/establish.ts';
import type { SessionChannel, SshLink } from '../ssh/link.ts';

/** What a connection opens. */
export type Openers = Pick<SshLink, 'openTcp' | 'openUnix' | 'openSession'>;

export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | undefined;
}

export type CommandOutcome =
  ({ kind: 'ran' } & CommandResult) | { kind: 'refused'; reason: RefusalReason; detail: string } | { kind: 'silent' };

/** What the doctor asks of a connection. `true`: granted; undefined: no answer to that. Nothing it opens is left open. */
export interface ServerDoors {
  /** Runs a command to its end, with nothing on its stdin. */
  run(command: string): Promise<CommandOutcome>;
  /** How a direct-tcpip channel to a port where nobody listens is answered: only a policy says `prohibited`. */
  dial(host: string): Promise<'allowed' | 'prohibited' | 'silent'>;
  /** How many of so many session channels, asked for at once, are granted. */
  openSessions(count: number): Promise<number>;
  /** A terminal, which `restrict` and `no-pty` in authorized_keys deny. */
  grantsTerminal(): Promise<boolean | undefined>;
  /** Agent forwarding, which `restrict` and DisableForwarding deny. */
  grantsAgent(): Promise<boolean | undefined>;
  /** A listener on the server's loopback, which AllowTcpForwarding governs and PermitOpen does not. */
  grantsListener(): Promise<boolean | undefined>;
}

const commandMs = 20_000;
const channelMs = 5_000;
const mostOutput = 64 * 1024;
/** The discard service, which nobody runs. */
const deadPort = 9;

/** What ssh2 opens on a connection of its own. */
export function openersOf({ client }: Established): Openers {
  return {
    openTcp: (target, originator) => openDirectTcp(client, target, originator),
    openUnix: (path) => openDirectUnix(client, path),
    openSession: (command) => openExec(client, command),
  };
}

/** `login`: where ssh2 made the connection, which lets us ask for what a link does not open. */
export function serverDoors(link: Openers, clock: Clock, login?: Established): ServerDoors {
  const client = login?.client;
  const inTime = <T>(promise: Promise<T>, ms: number): Promise<T | 'silent'> =>
    withTimeout(clock, ms, promise, silence).catch((error: unknown) => {
      if (error === silent) return 'silent' as const;
      throw error;
    });
  const asked = async (start: (done: Requested) => void): Promise<boolean | undefined> => {
    const requested = new Promise<boolean | undefined>((resolve, reject) => {
      start((error, channel) => {
        if (error) resolve(/unable to request/i.test(error.message) ? false : undefined);
        else letGo(channel).then(resolve, reject);
      });
    });
    const answer = await inTime(requested, channelMs).catch(() => undefined); // ssh2 throws when the connection is gone
    return answer === 'silent' ? undefined : answer;
  };
  return {
    async run(command) {
      try {
        const result = await inTime(link.openSession(command).then(readToEnd), commandMs);
        return result === 'silent' ? { kind: 'silent' } : { kind: 'ran', ...result };
      } catch (error) {
        if (error instanceof ChannelRefused) return { kind: 'refused', reason: error.reason, detail: error.message };
        throw error;
      }
    },
    async dial(host) {
      const opened = link.openTcp({ host, port: deadPort }, { address: '127.0.0.1', port: 0 }).then(
        (channel) => (channel.destroy(), 'allowed' as const),
        (error: unknown) =>
          error instanceof ChannelRefused && error.reason === 'prohibited'
            ? ('prohibited' as const)
            : ('allowed' as const),
      );
      return inTime(opened, channelMs);
    },
    async openSessions(count) {
      const grants = Array.from({ length: count }, () =>
        link
          .openSession('true')
          .then(letGo, (error: unknown) => error instanceof ChannelRefused && error.reason === 'command-refused'),
      );
      const answers = await Promise.all(grants.map((grant) => inTime(grant, channelMs)));
      return answers.filter((answer) => answer !== false).length;
    },
    grantsTerminal: async () => client && asked((done) => client.exec('true', { pty: true }, done)),
    grantsAgent: async () =>
      client &&
      asked((done) => {
        const { config } = client as unknown as { config: { allowAgentFwd: boolean } }; // else ssh2 wants an agent to forward first
        config.allowAgentFwd = true;
        client.exec('true', done);
      }).finally(() => {
        (client as unknown as { config: { allowAgentFwd: boolean } }).config.allowAgentFwd = false;
      }),
    grantsListener: async () => {
      if (client === undefined) return undefined;
      const listened = new Promise<boolean>((resolve) => {
        client.forwardIn('127.0.0.1', 0, (error, port) => {
          if (error) return resolve(false);
          client.unforwardIn('127.0.0.1', port, () => resolve(true));
        });
      });
      return inTime(listened, channelMs).then(
        (answer) => answer === true,
        () => false,
      );
    },
  };
}

const silent = new Error('no answer in time');
const silence = (): Error => silent;

type Requested = (error: Error | undefined, channel: SessionChannel) => void;

/** Closes a session that was granted, and waits until it no longer counts. */
function letGo(channel: SessionChannel): Promise<true> {
  return new Promise((resolve) => {
    channel.once('close', () => resolve(true));
    channel.resume();
    channel.stderr.resume();
    channel.destroy();
  });
}

function readToEnd(channel: SessionChannel): Promise<CommandResult> {
  return new Promise((resolve) => {
    let stdout = '';
    let stderr = '';
    let code: number | undefined;
    channel.on('data', (chunk: Buffer) => {
      if (stdout.length < mostOutput) stdout += chunk.toString('utf8');
    });
    channel.stderr.on('data', (chunk: Buffer) => {
      if (stderr.length < mostOutput) stderr += chunk.toString('utf8');
    });
    channel.on('exit', (status: number | null) => {
      code = status ?? undefined;
    });
    channel.once('close', () => resolve({ stdout, stderr, code }));
    channel.end();
  });
}
