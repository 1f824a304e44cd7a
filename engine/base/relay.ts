import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** Bytes that have passed; `up` is from the local client to the remote target. */
export interface RelayMeter {
  up(bytes: number): void;
  down(bytes: number): void;
}

/**
 * Joins an accepted socket with a channel until both are done, with the manners of a plain TCP connection: an end travels as
 * an end and leaves the other direction open, a slow side slows the other, a reset resets. Resolves when nothing of the
 * two is left.
 *
 * A target that reset shows on ssh2's channels as `end` first and `close` after our next write, and a write after the close
 * never calls back. So `close` is what ends the pair, whatever else was heard.
 */
export function relay(socket: Socket, channel: Duplex, meter: RelayMeter): Promise<void> {
  return new Promise((resolve) => {
    let socketClosed = false;
    let channelClosed = false;
    let channelEnded = false;
    const settle = (): void => {
      if (socketClosed && channelClosed) resolve();
    };

    socket.on('data', (chunk: Buffer) => {
      meter.up(chunk.length);
      if (!channelClosed && !channel.write(chunk)) socket.pause();
    });
    channel.on('drain', () => socket.resume());
    socket.once('end', () => {
      if (!channelClosed) channel.end();
    });
    socket.once('close', (broken) => {
      socketClosed = true;
      // When both directions have ended, what the client sent is still on its way, and the channel closes after it.
      const done = !broken && socket.readableEnded && socket.writableFinished;
      if (!channelClosed && !done) abandon(channel);
      settle();
    });

    channel.on('data', (chunk: Buffer) => {
      meter.down(chunk.length);
      if (!socket.destroyed && !socket.write(chunk)) channel.pause();
    });
    socket.on('drain', () => channel.resume());
    channel.once('end', () => {
      channelEnded = true;
      socket.end();
    });
    channel.on('error', () => {
      // The connection broke. Where the end was not heard, an end of ours would pass off what came so far as all there is.
      if (channelEnded) resetAfterEnd(socket);
      else reset(socket);
      abandon(channel);
    });
    channel.once('close', () => {
      channelClosed = true;
      // Closed by the far side although our client had more to say, or before its end was said: that is a reset.
      if (!channelEnded) reset(socket);
      else if (!socket.readableEnded) resetAfterEnd(socket);
      settle();
    });

    socket.resume();
  });
}

/** Closes a stream that nobody reads any more. ssh2 tells of a channel's close only when it has been read to its end. */
export function abandon(stream: Duplex): void {
  stream.resume();
  stream.destroy();
}

/**
 * Cuts the client off with a RST, or with a plain close where there can be none: a Unix socket knows no RST, and libuv
 * refuses it (EINVAL) while a FIN is being sent. Node (24) then forgets the socket without closing it: its descriptor stays
 * open, and the process never ends.
 */
export function reset(socket: Socket): void {
  const sendingEnd = socket.writableEnded && !socket.writableFinished && socket.writableLength === 0;
  if (socket.remoteFamily === undefined || sendingEnd) socket.destroy();
  else socket.resetAndDestroy();
}

/** The far side takes nothing more. What it sent is delivered first; only then is the client cut off. */
function resetAfterEnd(socket: Socket): void {
  if (socket.writableFinished) reset(socket);
  else socket.once('finish', () => reset(socket));
}
