import { connect } from 'node:net';
import { createORPCClient, mapEventIterator, ORPCError } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { WebSocket } from 'ws';
import { protocolVersion, type Contract } from '../../shared/contract.ts';
import { FailureError, failureSchema } from '../../shared/failure.ts';
import type { Disposable } from '../base/disposables.ts';
import { rpcPath } from './control-socket.ts';

export type ContractClient = ContractRouterClient<Contract>;

/** A connection to the running engine. Requests reject with `FailureError`; `closed` resolves when the engine has gone. */
export interface ControlClient extends Disposable {
  readonly api: ContractClient;
  readonly closed: Promise<void>;
}

/** How long a running engine may take to answer at all. */
const answerMs = 5_000;

/** Connects to an engine's control socket. Rejects with `not-running`, `engine-silent` or `protocol-mismatch`. */
export async function connectControl(path: string, protocol = protocolVersion): Promise<ControlClient> {
  const socket = new WebSocket(`ws://localhost${rpcPath}`, {
    createConnection: () => connect(path),
    handshakeTimeout: answerMs,
    perMessageDeflate: false,
  });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await opened(socket);
  const link = new RPCLink({
    websocket: socket as unknown as globalThis.WebSocket, // the same interface, under two declarations
    interceptors: [(call) => withFailures(socket, call.next())],
  });
  const client: ControlClient = {
    api: createORPCClient(link),
    closed,
    async dispose() {
      socket.terminate();
      await closed;
    },
  };
  try {
    await client.api.hello({ protocol });
    return client;
  } catch (error) {
    await client.dispose();
    throw error;
  }
}

function opened(socket: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('open', () => {
      socket.off('error', reject);
      socket.on('error', () => undefined); // a close follows, and that is what is listened to
      resolve();
    });
    socket.once('error', (error: NodeJS.ErrnoException) => reject(notConnected(error)));
  });
}

function notConnected(error: NodeJS.ErrnoException): FailureError {
  const absent = error.code === 'ENOENT' || error.code === 'ECONNREFUSED';
  const failure = absent
    ? { code: 'not-running', message: 'No Towline is running.', hint: 'Start one with `towline up`.' }
    : {
        code: 'engine-silent',
        message: `The running Towline does not answer: ${error.message}.`,
        hint: 'Stop it, then start it again with `towline up`.',
      };
  return new FailureError(failure, { cause: error });
}

/** The answer, or the answers one by one, with errors as the failures they stand for. */
async function withFailures(socket: WebSocket, answer: Promise<unknown>): Promise<unknown> {
  try {
    const output = await answer;
    if (!isIterator(output)) return output;
    return mapEventIterator(output, {
      value: (value) => Promise.resolve(value),
      error: (error) => Promise.resolve(asFailure(socket, error)),
    });
  } catch (error) {
    throw asFailure(socket, error);
  }
}

function isIterator(value: unknown): value is AsyncIterator<unknown, unknown, undefined> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

function asFailure(socket: WebSocket, error: unknown): Error {
  const failure = error instanceof ORPCError ? failureSchema.safeParse(error.data) : undefined;
  if (failure?.success) return new FailureError(failure.data, { cause: error });
  if (socket.readyState === WebSocket.OPEN) return error as Error;
  return new FailureError(
    { code: 'engine-gone', message: 'Towline has stopped.', hint: 'Start it again with `towline up`.' },
    { cause: error },
  );
}
