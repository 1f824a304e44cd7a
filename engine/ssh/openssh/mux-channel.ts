import { Duplex, Readable } from 'node:stream';
import { assertNever } from '../../../shared/failure.ts';
import {
  closeMessage,
  dataMessage,
  eofMessage,
  execMessage,
  failureMessage,
  signalMessage,
  windowAdjustMessage,
  type ServerMessage,
} from './connection-message.ts';

/** What the far side may send before we have taken any of it. */
export const receiveWindowBytes = 2 * 1024 * 1024;
export const maxPacketBytes = 32 * 1024;
/** Taken bytes are given back in portions, not one message for each. */
const creditStepBytes = receiveWindowBytes / 16;
const bufferedBytes = 256 * 1024;

export interface ChannelOptions {
  /** The far side's number of this channel, what it takes at once and in one message. */
  readonly peer: number;
  readonly window: number;
  readonly maxPacket: number;
  /** Sends a message; calls back when the system has taken it, also when the connection is lost. */
  readonly send: (message: Buffer, taken?: () => void) => void;
  /** A session is over when the far side closes it; other channels also when both directions have ended. */
  readonly session: boolean;
}

type Exit = readonly [code: number | null, signal?: string];

/**
 * A channel of a connection that OpenSSH holds, with flow control and half-close by RFC 4254 §5. Its `stderr` and the
 * event `exit` (code, or null and the signal as `SIGTERM`) mean something for sessions only.
 */
export class MuxChannel extends Duplex {
  readonly stderr: Readable;
  readonly #options: ChannelOptions;
  readonly #credit: Credit;
  readonly #stderrCredit: Credit;
  #window: number;
  #unsent: { rest: Buffer; taken: () => void } | undefined;
  #execReply: ((runs: boolean) => void) | undefined;
  #exit: Exit | undefined;
  #heardEof = false;
  #heardClose = false;
  #saidClose = false;

  constructor(options: ChannelOptions) {
    super({ allowHalfOpen: true, autoDestroy: false, highWaterMark: bufferedBytes });
    this.#options = options;
    this.#window = options.window;
    this.#credit = new Credit((bytes) => this.#grant(bytes));
    this.#stderrCredit = new Credit((bytes) => this.#grant(bytes));
    this.stderr = new Readable({ read: () => this.#stderrCredit.repay(), highWaterMark: bufferedBytes });
    this.once('end', () => this.#closeWhenDone());
    this.once('finish', () => this.#closeWhenDone());
    this.stderr.once('end', () => this.#closeWhenDone());
  }

  /** Asks a session to run `command`. False when the server will not, or is gone. */
  exec(command: string): Promise<boolean> {
    return new Promise((resolve) => {
      this.#execReply = resolve;
      if (this.#saidClose) this.#endExec(false);
      else this.#options.send(execMessage(this.#options.peer, command));
    });
  }

  /** Sends a signal to the command of a session, as `TERM`; servers may ignore it. */
  signal(name: string): void {
    if (!this.#saidClose) this.#options.send(signalMessage(this.#options.peer, name));
  }

  /** Takes what the server says about this channel. True when that was its last word, and ours has been said. */
  receive(message: ServerMessage): boolean {
    switch (message.kind) {
      case 'data':
        this.#deliver(this, this.#credit, message.data);
        break;
      case 'stderr':
        this.#deliver(this.stderr, this.#stderrCredit, message.data);
        break;
      case 'window-adjust':
        this.#window += message.bytes;
        this.#sendUnsent();
        break;
      case 'eof':
        this.#endReading();
        break;
      case 'close':
        this.#heardClose = true;
        this.#sayClose();
        this.#endExec(false);
        this.#endReading();
        this.#sendUnsent();
        this.#closeWhenDone();
        break;
      case 'success':
      case 'failure':
        this.#endExec(message.kind === 'success');
        break;
      case 'exit':
        this.#announceExit([message.code]);
        break;
      case 'exit-signal':
        this.#announceExit([null, `SIG${message.signal}`]);
        break;
      case 'request':
        if (message.wantReply && !this.#saidClose) this.#options.send(failureMessage(this.#options.peer));
        break;
      case 'open-confirmed':
      case 'open-refused':
        break;
      default:
        assertNever(message);
    }
    return this.#heardClose && this.#saidClose;
  }

  /** The connection is gone: an `error` for whoever still works with the channel. */
  lose(cause: Error): void {
    this.#saidClose = true;
    this.#heardClose = true;
    this.#endExec(false);
    this.destroy(cause);
  }

  override _read(): void {
    this.#credit.repay();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#unsent = { rest: chunk, taken: done };
    this.#sendUnsent();
  }

  override _final(done: () => void): void {
    if (!this.#saidClose) this.#options.send(eofMessage(this.#options.peer));
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#sayClose();
    this.#sendUnsent();
    this.#emitExit();
    this.stderr.destroy();
    done(error);
  }

  #endExec(runs: boolean): void {
    this.#execReply?.(runs);
    this.#execReply = undefined;
  }

  /** It may come in one piece with all the rest, before whoever awaits the session could listen. */
  #announceExit(exit: Exit): void {
    this.#exit = exit;
    setImmediate(() => this.#emitExit());
  }

  #emitExit(): void {
    if (this.#exit === undefined) return;
    const [code, signal] = this.#exit;
    this.#exit = undefined;
    this.emit('exit', code, signal);
  }

  #deliver(stream: Readable, credit: Credit, data: Buffer): void {
    if (this.#heardEof || stream.destroyed) return;
    credit.owe(data.length);
    stream.push(data);
  }

  #endReading(): void {
    if (this.#heardEof) return;
    this.#heardEof = true;
    this.push(null);
    this.stderr.push(null);
  }

  #closeWhenDone(): void {
    const { session } = this.#options;
    const { readableEnded, readableFlowing, readableLength } = this.stderr;
    const stderrDone = readableEnded || (readableFlowing === null && readableLength === 0);
    const over = this.#heardClose || (!session && this.writableFinished);
    if (over && this.readableEnded && stderrDone) this.destroy();
  }

  #sayClose(): void {
    if (this.#saidClose) return;
    this.#saidClose = true;
    this.#options.send(closeMessage(this.#options.peer));
  }

  #grant(bytes: number): void {
    if (!this.#saidClose && !this.#heardEof) this.#options.send(windowAdjustMessage(this.#options.peer, bytes));
  }

  /** Sends as much as the far side has room for. After a close nobody takes it: it counts as sent, as on a TCP socket. */
  #sendUnsent(): void {
    const unsent = this.#unsent;
    if (unsent === undefined) return;
    const { peer, maxPacket, send } = this.#options;
    while (!this.#saidClose && unsent.rest.length > 0 && this.#window > 0) {
      const part = unsent.rest.subarray(0, Math.min(this.#window, maxPacket));
      unsent.rest = unsent.rest.subarray(part.length);
      this.#window -= part.length;
      if (unsent.rest.length > 0) {
        send(dataMessage(peer, part));
        continue;
      }
      this.#unsent = undefined;
      return send(dataMessage(peer, part), unsent.taken);
    }
    if (!this.#saidClose && unsent.rest.length > 0) return;
    this.#unsent = undefined;
    unsent.taken();
  }
}

/** The window we owe the far side for what the reader has taken. */
class Credit {
  readonly #grant: (bytes: number) => void;
  #owed = 0;

  constructor(grant: (bytes: number) => void) {
    this.#grant = grant;
  }

  owe(bytes: number): void {
    this.#owed += bytes;
  }

  repay(): void {
    if (this.#owed < creditStepBytes) return;
    this.#grant(this.#owed);
    this.#owed = 0;
  }
}
