import { createORPCClient, ORPCError } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import type { Bridge } from '../shared/bridge.ts';
import type { Contract } from '../shared/contract.ts';
import type { Failure } from '../shared/failure.ts';

export type Api = ContractRouterClient<Contract>;

/** One connection to the engine, whatever carries it. `closed` resolves when the engine, or the way to it, has gone. */
export interface Client {
  readonly api: Api;
  readonly closed: Promise<void>;
  readonly close: () => void;
}

/** Makes a connection; rejects when nobody answers. The page is given one of these and knows no more of its door. */
export type Connect = () => Promise<Client>;

/** Over the WebSocket of the door that served this page. */
export function overWebSocket(url: string): Connect {
  return () =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(url);
      const closed = new Promise<void>((gone) => socket.addEventListener('close', () => gone(), { once: true }));
      socket.addEventListener('error', () => reject(new Error('The engine does not answer.')), { once: true });
      socket.addEventListener('open', () => {
        const api: Api = createORPCClient(new RPCLink({ websocket: socket }));
        resolve({ api, closed, close: () => socket.close() });
      });
    });
}

/** Over the way that the desktop app's preload script gives to its pages. */
export function overBridge(bridge: Bridge): Connect {
  return async () => {
    // as much of a WebSocket as the link uses
    const socket = Object.assign(new EventTarget(), {
      readyState: Number(WebSocket.OPEN), // a number: it changes
      send: (frame: string) => way.send(frame),
    });
    const closed = new Promise<void>((gone) => socket.addEventListener('close', () => gone(), { once: true }));
    const way = bridge.connect(
      (frame) => socket.dispatchEvent(new MessageEvent('message', { data: frame })),
      () => {
        socket.readyState = WebSocket.CLOSED;
        socket.dispatchEvent(new Event('close'));
      },
    );
    const api: Api = createORPCClient(new RPCLink({ websocket: socket as unknown as WebSocket }));
    return { api, closed, close: way.close };
  };
}

/** What went wrong, in the engine's words; what the engine did not say is put into ours. */
export function failureOf(error: unknown): Failure {
  const data: unknown = error instanceof ORPCError ? error.data : undefined;
  if (isFailure(data)) return data;
  return {
    code: 'engine-gone',
    message: 'Towline does not answer.',
    hint: 'It is asked again as soon as it is back. Start it with `towline up` if it was stopped.',
  };
}

function isFailure(data: unknown): data is Failure {
  return typeof data === 'object' && data !== null && 'code' in data && 'message' in data;
}
