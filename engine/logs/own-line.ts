import type { LogLine } from '../../shared/log.ts';
import { utcNano } from './log-time.ts';
import { visibleText } from './visible-text.ts';

/** Under this name our own log is told, as if it were a container's. */
export const ownName = 'towline';

/** A line of our log as one reads it: `level message key=value …`. One that is no JSON stays as it is, and has the time of `fallback`. */
export function ownLine(json: string, fallback: string): LogLine {
  const { time, ...said } = parsed(json) ?? {};
  const at = typeof time === 'string' ? utcNano(time) : undefined;
  const text = at === undefined ? json.trimEnd() : sentence(said);
  return {
    at: at ?? utcNano(fallback) ?? fallback,
    stream: 'stdout',
    container: ownName,
    text: visibleText(Buffer.from(text)),
  };
}

type Fields = Readonly<Record<string, unknown>>;

function parsed(json: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? (value as Fields) : undefined;
  } catch {
    return undefined;
  }
}

function sentence({ level, msg, ...fields }: Fields): string {
  const pairs = Object.entries(fields).map(([key, value]) => `${key}=${word(value)}`);
  return [...[level, msg].filter((part) => typeof part === 'string'), ...pairs].join(' ');
}

/** Bare where it is one word. */
function word(value: unknown): string {
  return typeof value === 'string' && /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
}
