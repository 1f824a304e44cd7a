import type { Writable } from 'node:stream';

/**
 * Makes all that is written to the stream within one turn of the event loop one write to the system. ssh2 writes each packet,
 * and without its native part each third of one, by itself; a burst of them would be as many system calls.
 */
export function corkEachTurn(stream: Writable): void {
  const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
  let corked = false;
  const corking = (...args: unknown[]): boolean => {
    if (!corked) {
      corked = true;
      stream.cork();
      process.nextTick(() => {
        corked = false;
        stream.uncork();
      });
    }
    return write(...args);
  };
  stream.write = corking as Writable['write'];
}
