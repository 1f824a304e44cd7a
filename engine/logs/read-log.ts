import { LineDecoder, type DecodedLine } from './line-decoder.ts';
import type { LogAttach, LogDaemon, LoggedContainer } from './log-host.ts';

export interface ReadOptions extends LogAttach {
  /** The log is being written: what it ends with, without a line end, is left for the next time. */
  readonly leaveOpenLine?: boolean;
}

/**
 * One container's log from one attach, in batches as they come, no faster than they are taken. Ends with Docker's stream, throws
 * when that breaks, and is let go by whoever stops reading or aborts.
 */
export async function* readLog(
  daemon: LogDaemon,
  { id, tty }: Pick<LoggedContainer, 'id' | 'tty'>,
  { leaveOpenLine = false, ...attach }: ReadOptions,
  signal: AbortSignal,
): AsyncGenerator<DecodedLine[], void> {
  signal.throwIfAborted();
  const stream = await daemon.openLog(id, attach);
  const leave = (): void => void stream.destroy();
  signal.addEventListener('abort', leave, { once: true });
  stream.on('error', () => undefined); // of one that is let go, nobody wants to know
  const decoder = new LineDecoder(tty);
  try {
    signal.throwIfAborted();
    yield []; // attached
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      const lines = decoder.push(chunk);
      if (lines.length > 0) yield lines;
    }
    signal.throwIfAborted();
    const last = leaveOpenLine ? [] : decoder.flush();
    if (last.length > 0) yield last;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', leave);
    stream.destroy();
  }
}
