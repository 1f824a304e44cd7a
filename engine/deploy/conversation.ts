import { StringDecoder } from 'node:string_decoder';
import type { Readable } from 'node:stream';
import { encodeWord } from '../base/line-code.ts';
import { PacketWriter } from './packet-writer.ts';
import { remoteProgram } from './remote/program.ts';
import type { DeploySession } from './session.ts';

/** What comes back from the host: a word of the remote program with its text, or a line of a tool's output. */
export type RemoteMessage = { kind: 'word'; word: string; text: string } | { kind: 'output'; text: string };

export type Parameters = Readonly<Record<string, string>>;

/** A line of output longer than this is cut; it is shown, not parsed. */
const maxLine = 64 * 1024;
/**
 * The talk with the remote program over one session channel. It says one thing at a time and we answer it, so bytes of
 * ours are never in a pipe where another reader might take them; only `cancel` comes unasked.
 */
export class Conversation {
  readonly #session: DeploySession;
  readonly #prefix: string;

  constructor(session: DeploySession, parameters: Parameters & { nonce: string }) {
    this.#session = session;
    this.#prefix = `@${parameters.nonce} `;
    session.on('error', () => undefined); // a lost connection shows as the end of the messages
    const lines = Object.entries(parameters).map(([name, value]) => `${name}=${encodeWord(value)}\n`);
    session.write(`${Buffer.byteLength(remoteProgram)}\n${remoteProgram}${lines.join('')}\n`);
  }

  /** Everything that is said, to the end of the channel. Both of its outputs are drained, or it would stall. */
  async *messages(): AsyncGenerator<RemoteMessage> {
    const pending: RemoteMessage[] = [];
    let wake: () => void = () => undefined;
    let open = 2;
    const take = (stream: Readable, parse: (line: string) => RemoteMessage): void => {
      const lines = new Lines((line) => pending.push(parse(line)));
      let ended = false;
      const end = (): void => {
        if (ended) return;
        ended = true;
        lines.end();
        open -= 1;
        wake();
      };
      stream.on('data', (chunk: Buffer) => {
        lines.add(chunk);
        wake();
      });
      stream.once('end', end).once('close', end);
    };
    take(this.#session, (line) => this.#parse(line));
    const alive = `${this.#prefix}alive`;
    take(this.#session.stderr, (text) =>
      text === alive ? { kind: 'word', word: 'alive', text: '' } : { kind: 'output', text },
    );
    while (open > 0 || pending.length > 0) {
      const message = pending.shift();
      if (message !== undefined) yield message;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  }

  /** Whether the channel is gone. */
  get isLost(): boolean {
    return this.#session.destroyed || this.#session.closed;
  }

  say(line: string): void {
    if (this.#session.writable) this.#session.write(`${line}\n`);
  }

  /**
   * Sends exactly `size` bytes after a line `WORD SIZE`. A piece of the archive is done with before the next one is asked for.
   * `onSent` hears of what the channel has taken.
   */
  async send(
    word: 'receive' | 'preview',
    archive: AsyncIterable<Buffer>,
    size: number,
    onSent: (bytes: number) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const writer = new PacketWriter(this.#session, onSent, signal);
    try {
      this.say(`${word} ${size}`);
      for await (const piece of archive) await writer.add(piece);
      await writer.flush();
    } finally {
      writer.dispose();
    }
  }

  /** No more will be said by us: the remote program takes that for the end, whatever it does. */
  hangUp(): void {
    this.#session.end();
  }

  /** Gives the channel up. */
  close(): void {
    this.#session.destroy();
  }

  #parse(line: string): RemoteMessage {
    if (!line.startsWith(this.#prefix)) return { kind: 'output', text: line };
    const [word = '', ...rest] = line.slice(this.#prefix.length).split(' ');
    return { kind: 'word', word, text: rest.join(' ') };
  }
}

/** Cuts a stream of bytes into lines; a line may be cut anywhere, in the midst of a character too. */
class Lines {
  readonly #decoder = new StringDecoder('utf8');
  readonly #take: (line: string) => void;
  #rest = '';

  constructor(take: (line: string) => void) {
    this.#take = take;
  }

  add(chunk: Buffer): void {
    const lines = (this.#rest + this.#decoder.write(chunk)).split('\n');
    this.#rest = (lines.pop() ?? '').slice(0, maxLine);
    for (const line of lines) this.#take(line.replace(/\r$/, ''));
  }

  end(): void {
    this.#rest += this.#decoder.end();
    if (this.#rest !== '') this.#take(this.#rest);
    this.#rest = '';
  }
}
