import { jsonOrUndefined } from '../json-text.ts';
import { redact, redactText, type Redaction } from '../redact.ts';
import { LineRedactor } from '../redacted-lines.ts';

const hidden = '[redacted]';
/** Deep enough for the whole public state. */
const maxDepth = 24;

/** Takes out of a bundle what looks like a secret, what is called one, and what is known to be one in whatever form. */
export class BundleRedactor {
  readonly #known: RegExp | undefined;
  readonly #how: Redaction;
  readonly #raw = new LineRedactor();

  constructor(secrets: readonly string[]) {
    const forms = [...new Set(secrets.flatMap(formsOf))].sort((a, b) => b.length - a.length);
    this.#known = forms.length === 0 ? undefined : new RegExp(forms.map(escaped).join('|'), 'g');
    this.#how = { text: (text) => redactText(this.#forget(text)), maxDepth };
  }

  /** As indented JSON. */
  json(value: unknown): string {
    return `${JSON.stringify(redact(value, this.#how), null, 2)}\n`;
  }

  /** A line of the log, or any other that is JSON, as one of JSON; what is none, as text: then lines come in their order. */
  line(line: string): string {
    const parsed = jsonOrUndefined(line);
    if (parsed !== undefined) return JSON.stringify(redact(parsed, this.#how));
    return this.#raw.redact(this.#forget(line));
  }

  #forget(text: string): string {
    return this.#known === undefined ? text : text.replace(this.#known, hidden);
  }
}

/** How a secret may be written: as it is, inside JSON, inside an address, as Basic authentication has it. */
function formsOf(secret: string): string[] {
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret.toWellFormed()),
    Buffer.from(secret).toString('base64'),
  ];
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
