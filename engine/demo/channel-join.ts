import type { Duplex } from 'node:stream';
import type { ServerChannel } from 'ssh2';

/** The part of ssh2's Channel that its types leave out: EOF without close, which a half-close needs. */
type EofChannel = ServerChannel & { eof(): void };

/**
 * Joins a channel of the server with what it leads to, as sshd does: EOF for FIN in each direction, back-pressure,
 * both released when both directions have ended, and a target that breaks off closes the channel at once.
 */
export function joinChannel(channel: ServerChannel, target: Duplex): void {
  let clientEnded = false;
  let targetEnded = false;
  let targetClosed = false;
  let eofSent = false;

  const settle = (): void => {
    if (eofSent && (clientEnded || targetClosed)) channel.end(); // in ssh2's server `end` is also the close
  };

  channel.pipe(target);
  channel.on('end', () => {
    clientEnded = true;
    settle();
  });
  channel.on('close', () => {
    target.end(() => target.destroy()); // what the client has sent still arrives
  });
  channel.on('error', () => target.destroy());

  target.on('data', (chunk: Buffer) => {
    if (!channel.write(chunk)) target.pause();
  });
  channel.on('drain', () => target.resume());
  target.on('end', () => {
    targetEnded = true;
    flushed(channel, () => {
      (channel as EofChannel).eof();
      eofSent = true;
      settle();
    });
  });
  target.on('error', () => undefined); // `close` follows
  target.on('close', () => {
    targetClosed = true;
    channel.resume(); // nobody reads any more, and ssh2 closes a channel only when it is read to its end
    if (!targetEnded) channel.close();
    settle();
  });
}

/** Runs once everything written so far has gone out; never, when the channel closes before. */
export function flushed(channel: ServerChannel, run: () => void): void {
  channel.write('', run);
}
