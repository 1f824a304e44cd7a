import type { NegotiatedAlgorithms } from '../link.ts';

const keptChars = 8_000;
const debug = /^debug\d: /;
/** The lines by which ssh tells what was agreed, at LogLevel DEBUG1. The first of each counts: it comes before all that a server can have said. */
const agreed = {
  kex: /^debug1: kex: algorithm: (\S+)/,
  hostKey: /^debug1: kex: host key algorithm: (\S+)/,
  cipher: /^debug1: kex: client->server cipher: (\S+)/,
  mac: /^debug1: kex: client->server cipher: \S+ MAC: (?!<implicit>)(\S+)/,
} as const;

/** What ssh says last before it turns to the agent: for its keys, and for a signature. */
const turnsToAgent = /: rekey in after |: Server accepts key: .* agent\s*$/;

/** What ssh says on stderr: its words for people, which are kept, and debug lines, which are only looked at. */
export class SshLog {
  #said = '';
  /** The last line, as far as it has come. */
  #begun = '';
  #lastDebug = '';
  readonly #agreed: Partial<Record<keyof typeof agreed, string>> = {};

  push(text: string): void {
    const lines = (this.#begun + text).split(/(?<=\n)/);
    this.#begun = lines.at(-1)?.endsWith('\n') ? '' : (lines.pop() ?? '').slice(-keptChars);
    for (const line of lines) {
      if (debug.test(line)) this.#note(line);
      else this.#said = (this.#said + line).slice(-keptChars);
    }
  }

  /** The last 8,000 characters of what is meant for people. */
  get said(): string {
    return debug.test(this.#begun) ? this.#said : this.#said + this.#begun;
  }

  /** Undefined until all of it is known. */
  get algorithms(): NegotiatedAlgorithms | undefined {
    const { kex, hostKey, cipher, mac } = this.#agreed;
    if (kex === undefined || hostKey === undefined || cipher === undefined) return undefined;
    return { kex, hostKey, cipher, ...(mac === undefined ? {} : { mac }) };
  }

  /** Whether the agent is what a login waits for. */
  get waitsForAgent(): boolean {
    return turnsToAgent.test(this.#lastDebug);
  }

  /** What was said until now is of no use any more. */
  forget(): void {
    this.#said = '';
  }

  #note(line: string): void {
    this.#lastDebug = line;
    for (const what of Object.keys(agreed) as (keyof typeof agreed)[]) {
      const name = agreed[what].exec(line)?.[1];
      if (name !== undefined) this.#agreed[what] ??= name;
    }
  }
}
