const hidden = '[redacted]';

const secretName =
  /pass(word|wd|phrase)|secret|token|private_?-?key|authorization|cookie|credential|api_?-?key|^answer$/i;

/** Shapes of secrets inside text: PEM blocks (also cut off), `password=…`, `Bearer …`, `scheme://user:password@`. */
const secretText: readonly [RegExp, string][] = [
  [/-----BEGIN [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----|$)/g, hidden],
  [/\b(bearer|basic)\s+[\w.~+/=-]{4,}/gi, `$1 ${hidden}`],
  [/([a-z][a-z0-9+.-]*:\/\/[^\s/:@]*):[^\s/@]+@/gi, `$1:${hidden}@`],
  [
    /([\w-]*(?:password|passwd|passphrase|secret|token|api[_-]?key)["']?\s*[=:]\s*)(?:"[^"]*"|'[^']*'|[^\s"',;&]+)/gi,
    `$1${hidden}`,
  ],
];

const maxDepth = 6;

/** The same value without keys, passwords and tokens, by the name of a field and by the look of a text. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= maxDepth) return '[deep]';
  if (value instanceof Error) return redactError(value, depth);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, secretName.test(name) ? hidden : redact(item, depth + 1)]),
  );
}

/** Whether what goes by that name is a secret. */
export function isSecretName(name: string): boolean {
  return secretName.test(name);
}

export function redactText(text: string): string {
  return secretText.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), text);
}

function redactError(error: Error, depth: number): unknown {
  const { code } = error as { code?: unknown };
  return {
    name: error.name,
    message: redactText(error.message),
    ...(code === undefined ? {} : { code }),
    stack: redactText(error.stack ?? ''),
    ...(error.cause === undefined ? {} : { cause: redact(error.cause, depth + 1) }),
  };
}
