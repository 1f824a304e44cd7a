/** What is searched for: a regular expression, or plain text. */
export interface LogQuery {
  readonly text: string;
  readonly regex: boolean;
}

/** Small letters find capital ones too, capital ones only themselves. Undefined where there is nothing to find, or it is no expression. */
export function patternOf({ text, regex }: LogQuery, flags = ''): RegExp | undefined {
  if (text === '') return undefined;
  const source = regex ? text : text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  const anyCase = /\p{Lu}/u.test(text.replace(/\\./g, '')) ? '' : 'i';
  try {
    return new RegExp(source, `${flags}${anyCase}`);
  } catch {
    return undefined;
  }
}

/** The texts of a log, by the number of the first one, and what is found in them. */
export class LogTexts {
  #texts: string[] = [];
  #first = 0;

  reset(): void {
    this.#texts = [];
  }

  /** Texts from `number` on: right after those there are, or right before them. */
  add(number: number, texts: readonly string[]): void {
    if (this.#texts.length === 0) this.#first = number;
    if (number < this.#first) {
      this.#texts = [...texts, ...this.#texts];
      this.#first = number;
    } else for (const text of texts) this.#texts.push(text);
  }

  /** Those before `number` have gone. */
  drop(number: number): void {
    const gone = Math.min(this.#texts.length, Math.max(0, number - this.#first));
    this.#texts.splice(0, gone);
    this.#first += gone;
  }

  /** Numbers of the texts that match, ascending; from `number` on, if given. */
  find(pattern: RegExp, number = this.#first): number[] {
    const found: number[] = [];
    for (let i = Math.max(0, number - this.#first); i < this.#texts.length; i += 1) {
      if (pattern.test(this.#texts[i] ?? '')) found.push(this.#first + i);
    }
    return found;
  }
}
