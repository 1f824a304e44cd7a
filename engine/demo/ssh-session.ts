import type { Readable, Writable } from 'node:stream';
import type { ServerChannel, Session } from 'ssh2';
import { flushed } from './channel-join.ts';

/** What a command of a session channel reads and writes. Both outputs stay open until the command's promise settles. */
export interface CommandStreams {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** Aborted when the client has closed the channel or the connection is gone. */
  readonly signal: AbortSignal;
}

/** Runs a command line, resolves with its exit code. */
export type Exec = (command: string, streams: CommandStreams) => Promise<number>;

/** Serves one session channel: the one command it may run. Shells and subsystems are refused by ssh2 itself. */
export function serveSession(session: Session, exec: Exec, signal: AbortSignal): void {
  session.on('exec', (accept, _reject, { command }) => {
    const channel = accept();
    channel.on('error', () => undefined); // `close` follows
    void run(channel, command, exec, signal); // reports through the channel's exit status
  });
}

async function run(channel: ServerChannel, command: string, exec: Exec, signal: AbortSignal): Promise<void> {
  let code: number;
  try {
    code = await exec(command, { stdin: channel, stdout: channel, stderr: channel.stderr, signal });
  } catch (error) {
    channel.stderr.write(`${String(error)}\n`);
    code = 255;
  }
  channel.resume(); // what is left of stdin, or ssh2 never sees the channel's end
  if (signal.aborted) return;
  flushed(channel, () => {
    channel.exit(code);
    channel.end();
  });
}
