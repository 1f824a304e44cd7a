import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import type { CommandStreams } from './ssh-session.ts';

/** `docker system dial-stdio`: joins a command's streams with a connection to the Docker API until either hangs up. */
export async function dialStdio(connection: Duplex, { stdin, stdout, signal }: CommandStreams): Promise<number> {
  const closed = once(connection, 'close');
  stdin.pipe(connection);
  connection.pipe(stdout, { end: false });
  connection.on('end', () => connection.end());
  signal.addEventListener('abort', () => connection.destroy());
  await closed;
  return 0;
}
