import { randomBytes } from 'node:crypto';
import type { Duplex, Readable } from 'node:stream';
import type { CommandRunEvent, CommandRunRequest } from '../../shared/run.ts';
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposables.ts';
import { MarkedStream, type Piece } from './marked-stream.ts';
import { programInput, type Pace } from './remote-program.ts';
import { cutOff, lostMidway, neverBegan, timedOut } from './run-failures.ts';

/** A session channel as commands need it. */
export interface CommandSession extends Duplex {
  readonly stderr: Readable;
  signal(name: string): void;
}

/** Takes an event; resolves when whoever listens is ready for more. Never rejects. */
export type ReportEvent = (event: CommandRunEvent) => Promise<void>;

export interface CommandRunOptions {
  readonly session: CommandSession;
  readonly request: CommandRunRequest;
  readonly report: ReportEvent;
  readonly clock: Clock;
  readonly pace?: Pace;
}

type Output = 'stdout' | 'stderr';

const usualPace: Pace = { beatMs: 2_000, graceMs: 5_000 };
/** After our TERM and the host's own patience the channel is given up this much later; the host finds out by itself. */
const giveUpMs = 1_000;
/** A process that a command left behind may hold the channel open; so long it is waited for. */
const lingerMs = 1_000;
/** The host ends what we could not, this much after our own limit. */
const hostLimitMs = 15_000;
/** Of what a login shell says instead of running anything. */
const complaintChars = 500;

/** One run in one session: gives the remote program its task and input, hands on its output, and sees to it that it ends. */
export class CommandRun {
  readonly #options: CommandRunOptions;
  readonly #pace: Pace;
  readonly #mark = `@@${randomBytes(12).toString('hex')}`;
  readonly #total: number;
  /** Ends heard so far, per output: a command is over when both have said so. */
  readonly #ended: Record<Output, number> = { stdout: 0, stderr: 0 };
  readonly #begun: Record<Output, boolean> = { stdout: false, stderr: false };
  readonly #done = Promise.withResolvers<void>();
  /** From then on nobody is waited for who takes events: what is left must drain, or the channel would never close. */
  readonly #hurried = Promise.withResolvers<void>();
  readonly #closed: Promise<void>;
  #told = 0;
  #complete = false;
  #lost = false;
  #complaint = '';
  #failure: Error | undefined;
  #commandSinceMs = 0;
  #givingUp: Disposable | undefined;

  constructor(options: CommandRunOptions) {
    const { session, request } = options;
    this.#options = options;
    this.#pace = options.pace ?? usualPace;
    this.#total = request.task.kind === 'commands' ? request.task.commands.length : 1;
    session.on('error', () => {
      this.#lost = true;
      this.#hurried.resolve();
    });
    this.#closed = new Promise((resolve) => void session.once('close', resolve));
  }

  /**
   * Resolves when the commands are through. Rejects with the signal's reason when aborted and with `command-timed-out`, once the
   * host has ended them, else with `connection-lost`, `command-not-started` or `command-cut-off`.
   */
  async perform(signal: AbortSignal): Promise<void> {
    const { session, request, clock } = this.#options;
    const { timeoutMs } = request;
    const stop = (): void => this.#stop(signal.reason as Error);
    const limit = timeoutMs === undefined ? undefined : clock.after(timeoutMs, () => this.#stop(timedOut(timeoutMs)));
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    this.#commandSinceMs = clock.monotonic();
    const limitMs = timeoutMs === undefined ? undefined : timeoutMs + hostLimitMs;
    const { persist, stdin } = request;
    const program = { mark: this.#mark, persist, stdin, limitMs, pace: this.#pace };
    session.write(programInput(request.task, program));
    if (!stdin) session.end();
    const outputs = [this.#follow(session, 'stdout'), this.#follow(session.stderr, 'stderr')];
    void Promise.all([...outputs, this.#closed]).then(() => this.#done.resolve());
    try {
      await this.#done.promise;
      if (!this.#complete) throw this.#reason();
    } finally {
      signal.removeEventListener('abort', stop);
      void limit?.dispose();
      this.#leave();
    }
  }

  /** Resolves when the channel has taken it, or nobody will any more. */
  async input(data: Buffer, end: boolean): Promise<void> {
    const { session } = this.#options;
    if (data.length > 0 && session.writable) {
      const taken = new Promise<void>((resolve) => session.write(data, () => resolve()));
      await Promise.race([taken, this.#closed, this.#done.promise]); // a write after the close is never taken
    }
    if (end && session.writable) session.end();
  }

  /** Whoever stopped it, the caller hears of that first. */
  #reason(): Error {
    if (this.#failure !== undefined) return this.#failure;
    const { hostId } = this.#options.request;
    if (this.#lost) return lostMidway(hostId);
    return this.#begun.stdout ? cutOff(hostId) : neverBegan(hostId, this.#complaint);
  }

  /** Asks the host to end it; the answer is the end of the channel. */
  #stop(failure: Error): void {
    if (this.#failure !== undefined || this.#complete) return;
    const { session, clock } = this.#options;
    this.#failure = failure;
    this.#hurried.resolve();
    session.signal('TERM');
    this.#givingUp = clock.after(this.#pace.graceMs + giveUpMs, () => {
      session.destroy();
      this.#done.resolve();
    });
  }

  /** The lease ends with the channel. */
  #leave(): void {
    const { session, clock } = this.#options;
    this.#hurried.resolve();
    void this.#givingUp?.dispose();
    session.end();
    const linger = clock.after(lingerMs, () => session.destroy(), { background: true });
    void this.#closed.then(() => linger.dispose());
  }

  /** Hands on all that comes, in order and at the listener's pace. */
  #follow(stream: Readable, output: Output): Promise<void> {
    const marked = new MarkedStream(this.#mark);
    let handed = Promise.resolve();
    const hand = (pieces: readonly Piece[]): void => {
      stream.pause();
      handed = handed
        .then(async () => {
          for (const piece of pieces) await this.#hear(piece, output);
        })
        .then(() => void stream.resume());
    };
    return new Promise((resolve) => {
      const end = (): void => {
        hand(marked.end());
        void handed.then(resolve);
      };
      stream.on('data', (chunk: Buffer) => hand(marked.take(chunk)));
      stream.once('end', end).once('close', end);
    });
  }

  async #hear(piece: Piece, output: Output): Promise<void> {
    if (piece.kind === 'bytes') return this.#pass(piece.bytes, output);
    const [word, code] = piece.word.split(' ');
    if (word === 'begin') this.#begun[output] = true;
    if (word === 'end') await this.#end(output, Number(code));
  }

  async #pass(bytes: Buffer, stream: Output): Promise<void> {
    if (!this.#begun[stream]) this.#complaint = (this.#complaint + bytes.toString()).slice(-complaintChars);
    else if (this.#failure === undefined && !this.#complete)
      await this.#report({ kind: 'output', command: this.#ended[stream], stream, data: bytes.toString('base64') });
  }

  /** The output that is behind the other ends the command. */
  async #end(output: Output, code: number): Promise<void> {
    this.#ended[output] += 1;
    const over = Math.min(this.#ended.stdout, this.#ended.stderr);
    if (over === this.#told || this.#failure !== undefined) return;
    this.#told = over;
    const { clock, request } = this.#options;
    const now = clock.monotonic();
    const durationMs = now - this.#commandSinceMs;
    this.#commandSinceMs = now;
    this.#complete = over === this.#total || (code !== 0 && !request.persist);
    await this.#report({ kind: 'exited', command: over - 1, code, durationMs });
    if (this.#complete) this.#done.resolve();
  }

  async #report(event: CommandRunEvent): Promise<void> {
    await Promise.race([this.#options.report(event), this.#hurried.promise]);
  }
}
