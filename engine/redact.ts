const hidden = '[redacted]';

const secretName =
  /pass(word|wd|phrase)|(^|[_-])pass$|pwd$|secret|token|(private|access|signing|encryption|api)_?-?key|authorization|cookie|credential|^answer$/i;

/**
 * Shapes of secrets inside text: PEM blocks (also cut off), `password=…` also in JSON and on a command line, `Bearer …`,
 * `scheme://user:password@`, tokens that begin as only tokens do. Repetitions are bounded, so that no text takes long.
 */
const secretText: readonly [RegExp, string][] = [
  [/-----BEGIN [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----|$)/g, hidden],
  [/\b(bearer|basic)\s+[\w.~+/=-]{4,}/gi, `$1 ${hidden}`],
  [/\b([a-z][a-z0-9+.-]{0,30}:\/\/[^\s/:@]{0,255}):[^\s/]{1,255}@/gi, `$1:${hidden}@`],
  [/\b(https?:\/\/)[^\s/:@]{16,255}@/gi, `$1${hidden}@`],
  [/\b(?:gh[opsur]_|github_pat_|glpat-|xox[abprs]-|sk-|AKIA)[\w-]{12,255}/g, hidden],
  [/\beyJ[\w-]{8,4096}\.[\w-]{2,8192}\.[\w-]{0,4096}/g, hidden],
  [/(passphrase\s*[=:]\s*)(?!["'\\])[^\n"',;&]{1,255}/gi, `$1${hidden}`],
  [
    /((?:password|passwd|passphrase|[_-]pass|pwd(?!\s*[=:]\s*\/)|secret|token|(?:api|access|private|signing|encryption)[_-]?key)[\w-]{0,40}\\?["']?(?:\s{0,8}[=:]\s{0,8}))(?:\\?"[^"]{0,4096}"|'[^']{0,4096}'|[^\s"',;&]+)/gi,
    `$1${hidden}`,
  ],
  [/(--?(?:password|passwd|passphrase|secret|token)\s+)(?!-)[^\s"',;&]+/gi, `$1${hidden}`],
];

export interface Redaction {
  /** What becomes of each text, names of fields included. */
  readonly text: (text: string) => string;
  /** Below so many levels nothing is told, so that no knot of objects takes long. */
  readonly maxDepth: number;
}

const usual: Redaction = { text: redactText, maxDepth: 6 };

/** The same value without keys, passwords and tokens, by the name of a field and by the look of a text. */
export function redact(value: unknown, how: Redaction = usual, depth = 0): unknown {
  if (typeof value === 'string') return how.text(value);
  if (typeof value === 'number') return how.text(String(value)) === String(value) ? value : hidden;
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= how.maxDepth) return '[deep]';
  if (value instanceof Error) return redactError(value, how, depth);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.map((item) => redact(item, how, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      how.text(name),
      secretName.test(name) ? hidden : redact(item, how, depth + 1),
    ]),
  );
}

/** Whether what goes by that name is a secret. */
export function isSecretName(name: string): boolean {
  return secretName.test(name);
}

export function redactText(text: string): string {
  return secretText.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), text);
}

function redactError(error: Error, how: Redaction, depth: number): unknown {
  const { code } = error as { code?: unknown };
  return {
    name: error.name,
    message: how.text(error.message),
    ...(code === undefined ? {} : { code }),
    stack: how.text(error.stack ?? ''),
    ...(error.cause === undefined ? {} : { cause: redact(error.cause, how, depth + 1) }),
  };
}
