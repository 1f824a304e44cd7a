import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { FailureError, toFailure, type Failure } from '../../shared/failure.ts';
import type { ForwardStateName, ForwardTarget, ForwardView } from '../../shared/forward.ts';
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposables.ts';
import type { DesiredForward } from './desired.ts';
import { Gate } from './gate.ts';
import { watchHangUp } from './hang-up.ts';
import type { Listener } from './listener.ts';
import { abandon, relay, reset } from '../base/relay.ts';

/** The local client on whose behalf a channel is opened. */
export interface Originator {
  readonly address: string;
  readonly port: number;
}

/** The code of a dial's failure that will be the same for every client, until there is another connection. */
export const prohibitedCode = 'forwarding-prohibited';

/**
 * Opens a stream to a target on the remote host: all that a forward needs to know of SSH. Rejects with a `FailureError` of
 * `prohibitedCode` where the server's policy forbids this target; any other rejection concerns the one client.
 */
export type Dial = (target: ForwardTarget, from: Originator) => Promise<Duplex>;

export interface ForwardOptions {
  readonly dial: Dial;
  /** Open while the connection is ready. */
  readonly connection: Gate;
  /** How long a client waits for the connection, or for a container that restarts. */
  readonly holdMs: () => number;
  readonly clock: Clock;
  readonly onActivity: () => void;
}

/** What keeps a forward from listening, or what is odd about how it listens. */
export type ForwardCondition =
  | { readonly kind: 'opening' }
  | { readonly kind: 'listening'; readonly notice?: Failure }
  | { readonly kind: 'suspended' | 'paused' }
  | { readonly kind: 'conflict' | 'refused' | 'unsupported' | 'ignored'; readonly reason: Failure };

/** Made once: an abort without a reason would make an exception, with its stack, for each client that leaves. */
const clientGone = new Error('the client has gone');

/** Docker's proxy accepts for every published port, and hangs up where nothing in the container listens. */
const wordless = new Error('it hangs up without a word');

/** One forward at work: its listener, while it has one, the clients it carries, and its figures. */
export class Forward implements Disposable {
  readonly #options: ForwardOptions;
  readonly #target: Gate;
  readonly #sockets = new Set<Socket>();
  #desired: DesiredForward;
  #condition: ForwardCondition = { kind: 'opening' };
  #prohibition: Failure | undefined;
  #unreached: { readonly clients: number; readonly reason: Failure } | undefined;
  #listener: Listener | undefined;
  #accepting: Disposable | undefined;
  #openedMs: number | undefined;
  #total = 0;
  #bytesUp = 0;
  #bytesDown = 0;

  constructor(desired: DesiredForward, options: ForwardOptions) {
    this.#options = options;
    this.#desired = desired;
    this.#target = new Gate(options.clock, desired.disposition.kind !== 'linger');
  }

  get desired(): DesiredForward {
    return this.#desired;
  }

  get bound(): boolean {
    return this.#listener !== undefined;
  }

  get port(): number | undefined {
    return this.#listener?.port;
  }

  /** Whether the server's policy forbids what it leads to, as a client had to find out. */
  get prohibited(): boolean {
    return this.#prohibition !== undefined;
  }

  get condition(): ForwardCondition {
    return this.#condition;
  }

  /** New particulars for the same place. Clients being carried stay where they are; new ones go to the new target. */
  update(desired: DesiredForward): void {
    this.#desired = desired;
    this.#target.set(desired.disposition.kind !== 'linger');
  }

  /** Takes the listener: from here on clients are served. */
  listen(listener: Listener, notice: Failure | undefined): void {
    this.#listener = listener;
    this.#accepting = listener.onDidAccept((socket) => void this.#serve(socket));
    const heard = this.#desired.startHeardAt;
    if (heard !== undefined && this.#openedMs === undefined) {
      this.#openedMs = Math.round((this.#options.clock.monotonic() - heard) * 10) / 10;
    }
    this.#condition = { kind: 'listening', ...(notice === undefined ? {} : { notice }) };
  }

  /** There is a new connection, on which other policies may be in force. */
  forgetProhibition(): void {
    this.#prohibition = undefined;
  }

  /** Gives the listener away, still bound. */
  hand(): Listener | undefined {
    const listener = this.#listener;
    void this.#accepting?.dispose();
    this.#listener = undefined;
    return listener;
  }

  /** Closes the listener, if there is one; clients being carried go on. */
  unlisten(condition: ForwardCondition): void {
    this.#condition = condition;
    this.hand()?.dispose();
  }

  /** Ends the listener and everybody it carries. */
  dispose(): void {
    this.hand()?.dispose();
    for (const socket of this.#sockets) reset(socket);
  }

  view(): ForwardView {
    const { id, source, container, containerId, image, project, service, protocol, target, bind, requestedPort } =
      this.#desired;
    const addresses = this.#listener?.addresses ?? bind;
    const state = this.#stateName();
    const reason = this.#reason();
    return {
      id,
      source,
      ...(container === undefined ? {} : { container }),
      ...(containerId === undefined ? {} : { containerId }),
      ...(image === undefined ? {} : { image }),
      ...(project === undefined ? {} : { project }),
      ...(service === undefined ? {} : { service }),
      protocol,
      local: {
        address: addresses[0] ?? '127.0.0.1',
        port: this.#listener?.port ?? requestedPort,
        addresses: [...addresses],
      },
      requestedPort,
      remote:
        target.kind === 'tcp' ? { address: target.address, port: target.port } : { address: target.path, port: 0 },
      state,
      ...(reason === undefined ? {} : { reason }),
      active: this.#sockets.size,
      total: this.#total,
      bytesUp: this.#bytesUp,
      bytesDown: this.#bytesDown,
      ...(this.#openedMs === undefined ? {} : { openedMs: this.#openedMs }),
      ...(this.#unreached === undefined ? {} : { unreached: this.#unreached }),
    };
  }

  #stateName(): ForwardStateName {
    if (this.#condition.kind !== 'listening') return this.#condition.kind;
    if (!this.#options.connection.isOpen) return 'holding';
    return this.#target.isOpen ? 'listening' : 'lingering';
  }

  #reason(): Failure | undefined {
    if (this.#condition.kind === 'listening') return this.#condition.notice;
    return 'reason' in this.#condition ? this.#condition.reason : undefined;
  }

  async #serve(socket: Socket): Promise<void> {
    const gone = new AbortController();
    this.#sockets.add(socket);
    this.#total += 1;
    this.#options.onActivity();
    socket.once('close', () => {
      gone.abort(clientGone);
      this.#sockets.delete(socket);
      this.#options.onActivity();
    });
    try {
      const channel = await this.#dialHeld(socket, gone.signal);
      if (socket.destroyed) return abandon(channel);
      const hungUp = watchHangUp(socket, channel);
      let answered = false;
      await relay(socket, channel, {
        up: (bytes) => this.#carried(bytes, 0),
        down: (bytes) => {
          answered = true;
          this.#unreached = undefined;
          this.#carried(0, bytes);
        },
      });
      if (!answered && hungUp()) this.#notReached(wordless);
    } catch (error) {
      reset(socket); // refused there, so refused here
      if (error instanceof FailureError && error.code === prohibitedCode) this.#prohibit(error.failure);
      else if (!gone.signal.aborted) this.#notReached(error);
    }
  }

  /** A port that accepts but never leads anywhere is a lie: it closes, and says why. */
  #prohibit(reason: Failure): void {
    this.#prohibition = reason;
    this.unlisten({ kind: 'refused', reason });
    this.#options.onActivity();
  }

  /** The client was sent away from there. That the connection or the container is gone for a moment is said elsewhere. */
  #notReached(error: unknown): void {
    if (!this.#options.connection.isOpen || !this.#target.isOpen) return;
    this.#unreached = { clients: (this.#unreached?.clients ?? 0) + 1, reason: toFailure(error) };
    this.#options.onActivity();
  }

  /** Dials once the connection and the container are there. A connection lost in between is waited for once more. */
  async #dialHeld(socket: Socket, gone: AbortSignal): Promise<Duplex> {
    const { connection, holdMs, dial, clock } = this.#options;
    const from = { address: socket.remoteAddress ?? '127.0.0.1', port: socket.remotePort ?? 0 };
    const deadline = clock.monotonic() + holdMs();
    for (;;) {
      await connection.passed(Math.max(0, deadline - clock.monotonic()), gone);
      await this.#target.passed(Math.max(0, deadline - clock.monotonic()), gone);
      try {
        return await dial(this.#desired.target, from);
      } catch (error) {
        if (connection.isOpen || clock.monotonic() >= deadline) throw error;
      }
    }
  }

  #carried(up: number, down: number): void {
    this.#bytesUp += up;
    this.#bytesDown += down;
    this.#options.onActivity();
  }
}
