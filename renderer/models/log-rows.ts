import type { LogEvent, LogLine } from '../../shared/log.ts';
import { count } from '../../shared/words.ts';
import { plainText } from './ansi.ts';

export type Level = 'error' | 'warn' | 'info' | 'debug';

/** One row of a log: a line, or what happened between two. `number` counts the rows, also below zero for older ones. */
export type LogRow =
  | {
      readonly kind: 'line';
      readonly number: number;
      readonly line: LogLine;
      readonly text: string;
      readonly level: Level | undefined;
    }
  | { readonly kind: 'break'; readonly number: number; readonly words: string };

/** A row that has no number yet. */
export type NewRow = LogRow extends infer Row ? (Row extends unknown ? Omit<Row, 'number'> : never) : never;

const levels: readonly (readonly [Level, RegExp])[] = [
  ['error', /\b(?:error|fatal|panic|crit(?:ical)?|exception|emerg)\b|"level":\s*"?(?:error|fatal|50|60)/i],
  ['warn', /\bwarn(?:ing)?\b|"level":\s*"?(?:warn|40)/i],
  ['debug', /\b(?:debug|trace)\b/i],
  ['info', /\b(?:info|notice)\b/i],
];
/** A level stands near the beginning of a line; what comes after may quote anything. */
const levelWithin = 120;

/** A line that begins with its level has said it, whatever else it quotes. */
const leading = /^(error|warn|info|debug)\b/;

/** What a line calls itself, as far as one can tell. */
export function levelOf(text: string): Level | undefined {
  const said = leading.exec(text)?.[1];
  if (said !== undefined) return levels.find(([level]) => level === said)?.[0];
  const head = text.slice(0, levelWithin);
  return levels.find(([, pattern]) => pattern.test(head))?.[0];
}

export function rowOf(line: LogLine): NewRow {
  const text = plainText(line.text);
  return { kind: 'line', line, text, level: levelOf(text) };
}

const ends = {
  stopped: 'has stopped',
  removed: 'was removed',
  disconnected: 'the line is down',
  unreadable: 'its log cannot be read',
} as const;

/** What an event of a log adds to it. The first attachment of a container is nothing to speak of. */
export function rowsOf(event: LogEvent, attached: ReadonlySet<string>): NewRow[] {
  switch (event.kind) {
    case 'lines':
      return event.lines.map(rowOf);
    case 'gap':
      return [{ kind: 'break', words: `${count(event.lines, 'line')} dropped: they came faster than this page reads` }];
    case 'attached':
      return attached.has(event.source.container)
        ? [{ kind: 'break', words: `${event.source.container} is read again; nothing is missing` }]
        : [];
    case 'ended':
      return [{ kind: 'break', words: `${event.container}: ${event.failure?.message ?? ends[event.reason]}` }];
  }
}
