import { pino } from 'pino';
import type { Failure } from '../shared/failure.ts';
import type { Settings } from '../shared/settings.ts';
import type { Clock } from './base/clock.ts';
import { disposable, type Disposable } from './base/disposables.ts';
import { Emitter, type Event } from './base/emitter.ts';
import type { LogFields, Logger } from './base/logger.ts';
import { FoldedLines, type FoldedLine } from './folded-lines.ts';
import { redact, redactText } from './redact.ts';
import { RotatingFile } from './rotating-file.ts';

export type LogLevel = Settings['log']['level'];

export interface LogFileOptions {
  readonly file: string;
  readonly level: LogLevel;
  readonly clock: Clock;
  readonly maxBytes?: number;
  readonly maxFiles?: number;
}

/** The log and what has been put aside of it: `FILE`, `FILE.1` …, never more than 25 MB, none older than a month. */
export const maxLogFiles = 5;
const maxLogBytes = 5_000_000;
const dayMs = 86_400_000;

/** The engine's log. With a `problem` there is no file: the lines go only to those who listen. */
export interface LogFile extends Disposable {
  readonly log: Logger;
  readonly problem: Failure | undefined;
  setLevel(level: LogLevel): void;
  /** Bytes written since it was opened. */
  written(): number;
  /** Each line as it stands in the file: JSON, redacted, with its line end. Told once it has been written. */
  readonly onDidWrite: Event<string>;
}

/** Opens the rotating log file: JSON lines, redacted, repetitions folded into a count. */
export function openLogFile(options: LogFileOptions): LogFile {
  const { file, level, clock, maxBytes = maxLogBytes, maxFiles = maxLogFiles } = options;
  let target: RotatingFile | undefined;
  let problem: Failure | undefined;
  try {
    target = new RotatingFile({ file, maxBytes, maxFiles, maxAgeMs: 7 * dayMs, keepMs: 30 * dayMs, clock });
  } catch (error) {
    problem = {
      code: 'log-unwritable',
      message: `The log ${file} could not be opened: ${(error as Error).message}.`,
      hint: 'Towline runs without a log.',
    };
  }
  const didWrite = new Emitter<string>();
  const writer = pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date(clock.now()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    {
      write(line) {
        writeOrDrop(target, line);
        didWrite.fire(line);
      },
    },
  );
  const folded = new FoldedLines<LogLevel>(clock, (line) => writer[line.level](line.fields, line.message));
  const write = (line: Line): void => {
    if (writer.isLevelEnabled(line.level)) folded.write(redactLine(line));
  };
  return {
    log: logger(write, {}),
    problem,
    setLevel(next) {
      writer.level = next;
    },
    written: () => target?.written ?? 0,
    onDidWrite: didWrite.event,
    ...disposable(() => {
      folded.flush();
      target?.close();
      didWrite.dispose();
    }),
  };
}

/** A full disk must not stop the engine. */
function writeOrDrop(target: RotatingFile | undefined, line: string): void {
  try {
    target?.write(line);
  } catch {
    return;
  }
}

type Line = FoldedLine<LogLevel>;

function redactLine({ level, message, fields }: Line): Line {
  return { level, message: redactText(message), fields: redact(fields) as LogFields };
}

function logger(write: (line: Line) => void, own: LogFields): Logger {
  const at =
    (level: LogLevel) =>
    (message: string, fields: LogFields = {}): void =>
      write({ level, message, fields: { ...own, ...fields } });
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => logger(write, { ...own, ...fields }),
  };
}
