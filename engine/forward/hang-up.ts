import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** Watches a pair that is carried; the result tells whether the far side left first, by itself and not because the connection broke. */
export function watchHangUp(socket: Socket, channel: Duplex): () => boolean {
  let hungUp: boolean | undefined;
  const left = (): void => {
    hungUp ??= !socket.readableEnded && !socket.destroyed;
  };
  channel.once('error', () => (hungUp ??= false));
  channel.once('end', left).once('close', left);
  return () => hungUp === true;
}
