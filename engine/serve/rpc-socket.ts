import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { RPCHandler } from '@orpc/server/ws';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import { z } from 'zod';
import type { Api } from '../api.ts';
import type { Logger } from '../base/logger.ts';

/** The largest message a client may send. */
const maxMessageBytes = 1024 * 1024;

/** oRPC's frame: a request, or the end of one. Anything else is not ours, and its sender is cut off. */
const frameSchema = z.object({
  i: z.string().max(64),
  t: z.union([z.literal(1), z.literal(4)]).optional(),
  p: z
    .object({ u: z.string().startsWith('/').max(200) })
    .loose()
    .optional(),
});

type Listener = (event: { readonly data: unknown }) => void;

/** The contract over WebSocket, for whichever HTTP server takes the upgrade. Each client's mistakes are its own. */
export class RpcServer {
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload: maxMessageBytes, perMessageDeflate: false });
  readonly #handler: RPCHandler<Record<never, never>>;
  readonly #log: Logger;

  constructor(api: Api, log: Logger) {
    this.#handler = new RPCHandler(api);
    this.#log = log;
  }

  /** Takes over a connection that asks for `Upgrade: websocket`; whether it may is decided before. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#sockets.handleUpgrade(request, socket, head, (client) => this.#serve(client));
  }

  /** Ends all clients at once. */
  dispose(): void {
    for (const client of this.#sockets.clients) client.terminate();
    this.#sockets.close();
  }

  #serve(client: WebSocket): void {
    client.on('error', (error) => this.#log.info('client was cut off', { reason: error.message }));
    // what the handler awaits of `send`, though its type does not say so, is that the frame has been taken
    const facade: unknown = {
      send: (data: string | Uint8Array) => sendAll(client, data),
      addEventListener: (type: string, listener: Listener) => {
        if (type === 'close') client.on('close', () => listener({ data: undefined }));
        else client.on('message', (data, isBinary) => this.#receive(client, data, isBinary, listener));
      },
    };
    void this.#handler.upgrade(facade as Pick<WebSocket, 'addEventListener' | 'send'>); // only subscribes
  }

  #receive(client: WebSocket, data: RawData, isBinary: boolean, pass: Listener): void {
    const text = isBinary ? '' : (data as Buffer).toString('utf8');
    if (isFrame(text)) return pass({ data: text });
    this.#log.info('client was cut off', { reason: 'not a request' });
    client.close(1007, 'not a request');
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

/**
 * Resolves when the client's socket has taken the frame, so that an answer in many parts is made no faster than it is
 * read. A client that has left is no error: its requests are aborted by the close.
 */
function sendAll(client: WebSocket, data: string | Uint8Array): Promise<void> {
  return new Promise((resolve) => client.send(data, () => resolve()));
}
