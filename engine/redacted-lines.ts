import { redactText } from './redact.ts';

const hidden = '[redacted]';
const begin = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY/;
const end = /-----END [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----/;
/** A line inside a private key, maybe behind the name of a container: Base64, a header, or nothing. */
const inside = /^\s*(?:[\w.-]+\s*\|\s*)?(?:[A-Za-z0-9+/=]+|[\w-]+: [\w,.+/= -]*)?\s*$/;

/** Takes the lines of one output in their order: a private key is hidden to its end, which may be many lines on. */
export class LineRedactor {
  #inKey = false;

  redact(line: string): string {
    if (this.#inKey) {
      const ends = end.exec(line);
      this.#inKey = ends === null && inside.test(line);
      if (this.#inKey) return hidden;
      if (ends !== null) return `${hidden}${redactText(line.slice(ends.index + ends[0].length))}`;
    }
    const begun = begin.exec(line);
    this.#inKey = begun !== null && !end.test(line.slice(begun.index));
    return redactText(line);
  }
}

/** The lines of one text. */
export function redactLines(lines: readonly string[]): string[] {
  const redactor = new LineRedactor();
  return lines.map((line) => redactor.redact(line));
}
