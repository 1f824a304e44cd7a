import type { RPCHandler } from '@orpc/server/ws';
import { z } from 'zod';

/** How many frames a page may have before it, unread; then what makes them waits. */
const windowFrames = 32;

/** oRPC's frame: a request, or the end of one. */
const frameSchema = z.object({
  i: z.string().max(64),
  t: z.union([z.literal(1), z.literal(4)]).optional(),
  p: z
    .object({ u: z.string().startsWith('/').max(200) })
    .loose()
    .optional(),
});

type Listener = (event: { readonly data: unknown }) => void;
type Tell = (message: { kind: 'frame'; frame: string } | { kind: 'close' }) => void;

/** One way of a page to the engine: looks like a WebSocket to the handler, and goes over the channel. */
export class IpcWay {
  readonly #tell: Tell;
  readonly #listeners = { message: new Set<Listener>(), close: new Set<Listener>() };
  readonly #waiting: (() => void)[] = [];
  #untaken = 0;
  #closed = false;

  constructor(handler: Pick<RPCHandler<Record<never, never>>, 'upgrade'>, tell: Tell) {
    this.#tell = tell;
    const facade: unknown = {
      send: (frame: string) => this.#send(frame),
      addEventListener: (type: 'message' | 'close', listener: Listener) => this.#listeners[type].add(listener),
    };
    void handler.upgrade(facade as Parameters<typeof handler.upgrade>[0]); // only subscribes
  }

  /** A frame of the page; false where it is none. */
  receive(frame: string): boolean {
    if (!isFrame(frame)) return false;
    for (const listener of this.#listeners.message) listener({ data: frame });
    return true;
  }

  /** The page has taken one frame. */
  taken(): void {
    this.#untaken = Math.max(0, this.#untaken - 1);
    this.#waiting.shift()?.();
  }

  /** Ends it, and the requests that are under way; the page is told. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const listener of this.#listeners.close) listener({ data: undefined });
    for (const go of this.#waiting.splice(0)) go();
    this.#tell({ kind: 'close' });
  }

  /** Resolves when it was sent; that waits while the page is too far behind. */
  async #send(frame: string): Promise<void> {
    this.#untaken += 1;
    if (this.#untaken > windowFrames) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (!this.#closed) this.#tell({ kind: 'frame', frame });
  }
}

function isFrame(text: string): boolean {
  try {
    const frame = frameSchema.safeParse(JSON.parse(text));
    return frame.success && (frame.data.t === 4 || frame.data.p !== undefined);
  } catch {
    return false;
  }
}
