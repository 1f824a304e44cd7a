import { FailureError } from '../../shared/failure.ts';
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposables.ts';
import { Emitter } from '../base/emitter.ts';
import {
  breakerNow,
  breakerWaitMs,
  closedBreaker,
  nextBreaker,
  type BreakerEvent,
  type BreakerState,
} from './circuit-breaker.ts';
import { TokenBucket } from './token-bucket.ts';

export interface AttemptBudgetOptions {
  readonly clock: Clock;
  /** Attempts per window in the long run, and how many of them may come at once. */
  readonly attempts?: number;
  readonly windowMs?: number;
  readonly burst?: number;
  /** The breaker opens after so many refusals in a row … */
  readonly refusals?: number;
  /** … for so long at first, twice as long each further time. */
  readonly openMs?: number;
}

/**
 * Leave to make one attempt; tell how it ended, once. `refused` is for what the server itself did (hung up, shut us out, let us
 * not in): a network that is down is no reason to let the server alone, and is `abandoned`.
 */
export interface Attempt {
  succeeded(): void;
  refused(code: string): void;
  abandoned(): void;
}

/** For people. Times in Unix ms. */
export interface AttemptView {
  readonly state: 'closed' | 'open' | 'half-open';
  readonly openUntil?: number;
  readonly recentFailures: readonly { readonly at: number; readonly code: string }[];
  /** Attempts that could be made at once. */
  readonly left: number;
  readonly waiting: number;
}

interface Waiter {
  readonly grant: (attempt: Attempt) => void;
}

interface Address {
  readonly bucket: TokenBucket;
  readonly waiters: Waiter[];
  breaker: BreakerState;
  failures: AttemptView['recentFailures'];
  timer: Disposable | undefined;
}

const longestOpenMs = 600_000;
const keptFailures = 5;

/**
 * How often a server may be called on, over all hosts that share it, as jump hosts are: servers and firewalls lock out who comes
 * too often, and with them the whole office. Attempts wait their turn, first come, first served.
 */
export class AttemptBudget implements Disposable {
  readonly #options: Required<AttemptBudgetOptions>;
  readonly #addresses = new Map<string, Address>();
  readonly #didChange = new Emitter<string>();

  /** Fires with the address whose view has changed. */
  readonly onDidChange = this.#didChange.event;

  constructor(options: AttemptBudgetOptions) {
    this.#options = { attempts: 30, windowMs: 600_000, burst: 10, refusals: 5, openMs: 60_000, ...options };
  }

  /** Resolves when an attempt may be made; rejects with the signal's reason. */
  request(address: string, signal: AbortSignal): Promise<Attempt> {
    const at = this.#address(address);
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason as Error);
      const onAbort = (): void => {
        at.waiters.splice(at.waiters.indexOf(waiter), 1);
        reject(signal.reason as Error);
        this.#changed(address);
      };
      const waiter: Waiter = {
        grant: (attempt) => {
          signal.removeEventListener('abort', onAbort);
          resolve(attempt);
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      at.waiters.push(waiter);
      this.#changed(address);
    });
  }

  /** The user wants it now: the next attempt waits for nothing. */
  tryNow(address: string): void {
    const at = this.#address(address);
    this.#turn(at, 'try-now');
    if (at.waiters.length > 0) this.#grant(address, at);
    this.#changed(address);
  }

  view(address: string): AttemptView {
    const { clock } = this.#options;
    const at = this.#addresses.get(address);
    if (at === undefined) return { state: 'closed', recentFailures: [], left: this.#options.burst, waiting: 0 };
    const breaker = breakerNow(at.breaker, clock.monotonic());
    return {
      state: breaker.kind,
      ...(breaker.kind === 'open' ? { openUntil: clock.now() + breaker.until - clock.monotonic() } : {}),
      recentFailures: at.failures,
      left: Math.max(0, at.bucket.tokens),
      waiting: at.waiters.length,
    };
  }

  /** Who still waits is let go by their own signal. */
  dispose(): void {
    for (const at of this.#addresses.values()) void at.timer?.dispose();
    this.#addresses.clear();
    this.#didChange.dispose();
  }

  #address(address: string): Address {
    const known = this.#addresses.get(address);
    if (known !== undefined) return known;
    const { clock, attempts, windowMs, burst } = this.#options;
    const bucket = new TokenBucket({ clock, burst, refillMs: windowMs / attempts });
    const made: Address = { bucket, waiters: [], breaker: closedBreaker, failures: [], timer: undefined };
    this.#addresses.set(address, made);
    return made;
  }

  /** Lets through whoever may go, and comes back when the next one may. */
  #changed(address: string): void {
    const at = this.#address(address);
    void at.timer?.dispose();
    at.timer = undefined;
    for (;;) {
      if (at.waiters.length === 0) break;
      const now = this.#options.clock.monotonic();
      at.breaker = breakerNow(at.breaker, now);
      const closedMs = breakerWaitMs(at.breaker, now);
      if (closedMs === undefined) break;
      const waitMs = Math.max(closedMs, at.bucket.waitMs);
      if (waitMs > 0) {
        at.timer = this.#options.clock.after(waitMs, () => this.#changed(address), { background: true });
        break;
      }
      this.#grant(address, at);
    }
    this.#didChange.fire(address);
  }

  #grant(address: string, at: Address): void {
    at.bucket.take();
    this.#turn(at, 'attempted');
    let ended = false;
    const end = (event: BreakerEvent, code?: string): void => {
      if (ended) return;
      ended = true;
      this.#turn(at, event);
      if (event === 'succeeded') at.failures = [];
      if (code !== undefined)
        at.failures = [...at.failures, { at: this.#options.clock.now(), code }].slice(-keptFailures);
      if (this.#addresses.get(address) === at) this.#changed(address);
    };
    at.waiters.shift()?.grant({
      succeeded: () => end('succeeded'),
      refused: (code) => end('refused', code),
      abandoned: () => end('abandoned'),
    });
  }

  #turn(at: Address, event: BreakerEvent): void {
    const { clock, refusals, openMs } = this.#options;
    const now = clock.monotonic();
    at.breaker = nextBreaker(breakerNow(at.breaker, now), event, now, { refusals, openMs, longestOpenMs });
  }
}

/** What counts against us on the server's side: a login it refused, a connection it hung up. A network that fails is not its doing. */
const serversDoing = new Set(['auth-refused', 'host-hung-up', 'handshake-timeout']);

/** Tells the budget how an attempt failed. */
export function settleAttempt(attempt: Attempt | undefined, error: unknown): void {
  if (error instanceof FailureError && serversDoing.has(error.code)) attempt?.refused(error.code);
  else attempt?.abandoned();
}
