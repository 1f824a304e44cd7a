import { assertNever, type Failure } from '../../shared/failure.ts';
import type { ForwardView } from '../../shared/forward.ts';
import { sleep, type Clock } from '../base/clock.ts';
import { CoalescedPass } from '../base/coalesced.ts';
import type { Disposable } from '../base/disposables.ts';
import { Emitter } from '../base/emitter.ts';
import type { Logger } from '../base/logger.ts';
import { isLoopback, type DesiredForward } from './desired.ts';
import { diffForwards } from './diff.ts';
import { Forward, type Dial } from './forward.ts';
import { Gate } from './gate.ts';
import { Listener, type BindRefusal, type BindResult } from './listener.ts';
import { candidatePorts, type RememberedPorts } from './local-port.ts';

/** The connection, as far as forwards care: there, away for a moment, or away for so long that the ports close. */
export type ConnectionPresence = 'ready' | 'holding' | 'suspended';

export interface ReconcilerOptions {
  /** What ought to be, asked anew at each pass. */
  readonly desired: () => readonly DesiredForward[];
  readonly dial: Dial;
  readonly remembered: RememberedPorts;
  /** Who holds a local port, for the reason of a remap: `postgres, pid 812`. */
  readonly ownerOf: (port: number) => Promise<string | undefined>;
  readonly holdMs: () => number;
  /** How a local port is bound; the system's way unless given. */
  readonly bind?: (addresses: readonly string[], port: number) => Promise<BindResult>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** A port that is taken is asked for again after this long. */
const retryMs = 2_000;
/** Hundreds of ports are opened in slices, so that clients and windows have their turn in between. */
const sliceMs = 10;

/**
 * The loop that makes actual forwards out of desired ones: diff, close, then open; one pass at a time; each forward
 * reports what became of it and none keeps another from opening.
 */
export class ForwardReconciler implements Disposable {
  readonly #options: ReconcilerOptions;
  readonly #pass: CoalescedPass;
  readonly #connection: Gate;
  readonly #forwards = new Map<string, Forward>();
  readonly #didChange = new Emitter<void>();
  #presence: ConnectionPresence = 'suspended';
  #retry: Disposable | undefined;
  #disposed = false;

  /** Some forward's state or figures changed. Fires often; read `views` when there is time. */
  readonly onDidChange = this.#didChange.event;

  constructor(options: ReconcilerOptions) {
    this.#options = options;
    this.#connection = new Gate(options.clock, false);
    this.#pass = new CoalescedPass(() => this.#reconcile());
  }

  get views(): ForwardView[] {
    return [...this.#forwards.values()].map((forward) => forward.view());
  }

  /** Asks for a pass. Resolves when one that began later has ended. */
  async request(): Promise<void> {
    if (!this.#disposed) await this.#pass.request();
  }

  /** Tells whether the connection is there. Clients that wait are served the moment it is. */
  setPresence(presence: ConnectionPresence): void {
    if (presence === this.#presence) return;
    this.#presence = presence;
    if (presence === 'ready') for (const forward of this.#forwards.values()) forward.forgetProhibition();
    this.#connection.set(presence === 'ready');
    this.#didChange.fire();
    void this.request();
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    void this.#retry?.dispose();
    this.#didChange.dispose();
    for (const forward of this.#forwards.values()) forward.dispose();
    await this.#pass.request(); // one that is under way still binds a port, which must be free when we are gone
    for (const forward of this.#forwards.values()) forward.dispose();
    this.#forwards.clear();
  }

  async #reconcile(): Promise<void> {
    if (this.#disposed) return;
    const desired = this.#options.desired();
    const plan = diffForwards(desired, this.#forwards);
    for (const id of plan.close) this.#close(id);
    for (const { from, desired: next } of plan.adopt) this.#adopt(from, next);
    for (const next of plan.update) this.#forwards.get(next.id)?.update(next);
    for (const next of plan.open) this.#forwards.set(next.id, this.#create(next));
    const unsettled = [...this.#forwards.values()].filter((forward) => this.#isUnsettled(forward));
    await this.#settleAll(unsettled);
    if (unsettled.length > 0 || plan.close.length + plan.adopt.length + plan.update.length > 0) this.#didChange.fire();
    this.#scheduleRetry();
  }

  #create(desired: DesiredForward): Forward {
    const { dial, clock, holdMs } = this.#options;
    return new Forward(desired, {
      dial,
      clock,
      holdMs,
      connection: this.#connection,
      onActivity: () => this.#didChange.fire(),
    });
  }

  #close(id: string): void {
    const forward = this.#forwards.get(id);
    this.#forwards.delete(id);
    this.#options.log.info('forward closed', { forward: id, port: forward?.port });
    forward?.dispose();
  }

  /** The new forward takes over the bound listener of one that goes, without a moment in which the port is closed. */
  #adopt(from: string, desired: DesiredForward): void {
    const listener = this.#forwards.get(from)?.hand();
    this.#close(from);
    const forward = this.#create(desired);
    this.#forwards.set(desired.id, forward);
    if (listener !== undefined) forward.listen(listener, lanNotice(listener.addresses, listener.port));
  }

  /** Whether what the forward is differs from what its disposition and the connection ask for. */
  #isUnsettled(forward: Forward): boolean {
    const wantsPort = this.#wantsPort(forward);
    if (wantsPort) return !forward.bound;
    return forward.bound || forward.condition.kind !== this.#resting(forward);
  }

  #wantsPort(forward: Forward): boolean {
    const { kind } = forward.desired.disposition;
    return this.#presence !== 'suspended' && !forward.prohibited && (kind === 'open' || kind === 'linger');
  }

  #resting(forward: Forward): string {
    const { kind } = forward.desired.disposition;
    if (kind !== 'open' && kind !== 'linger') return kind;
    return forward.prohibited ? 'refused' : 'suspended';
  }

  async #settleAll(forwards: readonly Forward[]): Promise<void> {
    const { clock } = this.#options;
    let sliceStart = clock.monotonic();
    for (const forward of forwards) {
      if (this.#disposed) return;
      await this.#settle(forward);
      if (clock.monotonic() - sliceStart < sliceMs) continue;
      await sleep(clock, 0);
      sliceStart = clock.monotonic();
    }
  }

  async #settle(forward: Forward): Promise<void> {
    const { disposition } = forward.desired;
    if (disposition.kind === 'open' || disposition.kind === 'linger') {
      if (this.#wantsPort(forward)) return this.#bind(forward);
      if (forward.prohibited) return; // closed and said already
      return forward.unlisten({ kind: 'suspended' });
    }
    if (disposition.kind === 'paused') {
      return forward.unlisten({ kind: 'paused' });
    }
    forward.unlisten({ kind: disposition.kind, reason: disposition.reason });
  }

  async #bind(forward: Forward): Promise<void> {
    const { desired } = forward;
    const { remembered, log, bind = Listener.bind } = this.#options;
    const key = rememberedKey(desired);
    const ports =
      desired.policy === 'require'
        ? [desired.requestedPort]
        : candidatePorts(desired.requestedPort, remembered.get(key));
    let refused = retriedReason(forward);
    for (const port of ports) {
      const result = await bind(desired.bind, port);
      if (result.kind === 'bound') {
        const remapped = port === desired.requestedPort ? undefined : remapReason(desired, port, refused);
        if (remapped !== undefined) remembered.set(key, port);
        const openToLan = lanNotice(result.listener.addresses, port);
        if (openToLan !== undefined) log.warn('forward is open to other machines', { forward: desired.id, port });
        forward.listen(result.listener, remapped ?? openToLan);
        log.info('forward listening', {
          forward: desired.id,
          port,
          wanted: desired.requestedPort,
          openedMs: forward.view().openedMs,
        });
        return;
      }
      if (port === desired.requestedPort) refused ??= await this.#refusal(desired, result);
      if (result.kind === 'unavailable') break;
    }
    const before = forward.condition.kind;
    const reason = refused ?? (await this.#refusal(desired, { kind: 'in-use' }));
    forward.unlisten({ kind: reason.code === 'port-in-use' ? 'conflict' : 'refused', reason });
    if (forward.condition.kind !== before)
      log.warn('forward cannot listen', { forward: desired.id, code: reason.code, message: reason.message });
  }

  /** Why the wanted port can't be had, with what to do where nothing else is to be had either. */
  async #refusal(desired: DesiredForward, refusal: BindRefusal): Promise<Failure> {
    const { requestedPort, bind } = desired;
    switch (refusal.kind) {
      case 'in-use': {
        const owner = (await this.#options.ownerOf(requestedPort)) ?? 'another program';
        return {
          code: 'port-in-use',
          message: `${requestedPort} is used here by ${owner}.`,
          hint: 'Towline takes it as soon as it is free. To use another port, set policy: remap.',
        };
      }
      case 'privileged':
        return {
          code: 'port-privileged',
          message: `Port ${requestedPort} is closed to this user, as all below 1024.`,
          hint: 'Allow another local port: policy: remap, or localPort, in its rule.',
        };
      case 'unavailable':
        return {
          code: 'bind-unavailable',
          message: `This machine can't listen on ${bind.join(', ')}:${requestedPort}: ${refusal.detail}.`,
          hint: 'Correct the bind address in its rule or label.',
        };
      default:
        return assertNever(refusal);
    }
  }

  #scheduleRetry(): void {
    void this.#retry?.dispose();
    const waiting = [...this.#forwards.values()].some((forward) => this.#wantsPort(forward) && !forward.bound);
    if (!waiting || this.#disposed) return;
    this.#retry = this.#options.clock.after(retryMs, () => void this.request(), { background: true });
  }
}

/** A remap belongs to the port that was wanted: where a rule asks for another one, that one is tried. */
function rememberedKey({ id, requestedPort }: DesiredForward): string {
  return `${id} ${requestedPort}`;
}

/** A port that was in use a moment ago has the same owner, as a rule; to ask again costs a walk through all processes. */
function retriedReason({ condition }: Forward): Failure | undefined {
  return condition.kind === 'conflict' ? condition.reason : undefined;
}

/** Said for as long as the forward is not where it was wanted. */
function remapReason(desired: DesiredForward, port: number, refused: Failure | undefined): Failure {
  return {
    code: refused?.code ?? 'port-in-use',
    message: refused?.message ?? `${desired.requestedPort} was used here by another program.`,
    hint: `${desired.container ?? desired.id} is on localhost:${port} instead, and stays there.`,
  };
}

/** Said for as long as a forward listens beyond loopback, allowed though it is. */
function lanNotice(addresses: readonly string[], port: number): Failure | undefined {
  const open = addresses.find((address) => !isLoopback(address));
  if (open === undefined) return undefined;
  return {
    code: 'open-to-lan',
    message: `Other machines can reach it: it listens on ${open}:${port}.`,
    hint: 'Take the bind address out of its rule or label if that is not meant.',
  };
}
