import { pino } from 'pino';
import type { Failure } from '../shared/failure.ts';
import type { Settings } from '../shared/settings.ts';
import type { Clock } from './base/clock.ts';
import { disposable, type Disposable } from './base/disposables.ts';
import { silentLogger, type LogFields, type Logger } from './base/logger.ts';
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

/** The engine's log. With a `problem` there is no file and the lines go nowhere. */
export interface LogFile extends Disposable {
  readonly log: Logger;
  readonly problem: Failure | undefined;
  setLevel(level: LogLevel): void;
  /** Bytes written since it was opened. */
  written(): number;
}

/** How long a line that keeps repeating itself is only counted. */
const foldMs = 60_000;

/** Opens the rotating log file: JSON lines, redacted, repetitions folded into a count. */
export function openLogFile(options: LogFileOptions): LogFile {
  const { file, level, clock, maxBytes = 5_000_000, maxFiles = 5 } = options;
  let target: RotatingFile;
  try {
    target = new RotatingFile({ file, maxBytes, maxFiles });
  } catch (error) {
    const problem = {
      code: 'log-unwritable',
      message: `The log ${file} could not be opened: ${(error as Error).message}.`,
      hint: 'Towline runs without a log.',
    };
    return { log: silentLogger, problem, setLevel: () => undefined, written: () => 0, ...disposable(() => undefined) };
  }
  const writer = pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date(clock.now()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line) => writeOrDrop(target, line) },
  );
  const folded = new FoldedLines(clock, (line) => writer[line.level](line.fields, line.message));
  const write = (line: Line): void => {
    if (writer.isLevelEnabled(line.level)) folded.write(redactLine(line));
  };
  return {
    log: logger(write, {}),
    problem: undefined,
    setLevel(next) {
      writer.level = next;
    },
    written: () => target.written,
    ...disposable(() => {
      folded.flush();
      target.close();
    }),
  };
}

/** A full disk must not stop the engine. */
function writeOrDrop(target: RotatingFile, line: string): void {
  try {
    target.write(line);
  } catch {
    return;
  }
}

interface Line {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: LogFields;
}

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

/** Writes a line that repeats the one before only as a count: when another comes, or once a minute. */
class FoldedLines {
  readonly #clock: Clock;
  readonly #write: (line: Line) => void;
  #last: { readonly key: string; readonly line: Line; since: number; repeated: number } | undefined;

  constructor(clock: Clock, write: (line: Line) => void) {
    this.#clock = clock;
    this.#write = write;
  }

  write(line: Line): void {
    const key = JSON.stringify(line);
    if (this.#last?.key === key && this.#clock.monotonic() - this.#last.since < foldMs) {
      this.#last.repeated += 1;
      return;
    }
    this.flush();
    this.#write(line);
    this.#last = { key, line, since: this.#clock.monotonic(), repeated: 0 };
  }

  flush(): void {
    if (this.#last === undefined || this.#last.repeated === 0) return;
    const { line, repeated } = this.#last;
    this.#last = undefined;
    this.#write({ ...line, fields: { ...line.fields, repeated } });
  }
}
