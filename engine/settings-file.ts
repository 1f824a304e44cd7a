import { watch, type FSWatcher } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { FailureError, type Failure } from '../shared/failure.ts';
import { defaultSettings, parseSettings, settingsVersion, type Settings } from '../shared/settings.ts';
import { keepAside, readIfThere, writeAtomically } from './atomic-file.ts';
import type { Clock } from './base/clock.ts';
import { CoalescedPass } from './base/coalesced.ts';
import { disposable, type Disposable } from './base/disposables.ts';
import { Emitter, type Event } from './base/emitter.ts';
import type { Logger } from './base/logger.ts';
import { parseJsonText } from './json-text.ts';

/** An editor writes a file in several steps; it is read when they have come to rest. */
const settleMs = 150;

export interface SettingsFileOptions {
  readonly file: string;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * The settings file: read at the start, followed while it is edited, written whole. A broken one stays where it is,
 * a copy is kept aside, and the last good settings (at the start: the defaults) stay in force.
 */
export class SettingsFile implements Disposable {
  readonly #options: SettingsFileOptions;
  readonly #changed = new Emitter<Settings>();
  readonly #reading = new CoalescedPass(() => this.#readAgain());
  #settings: Settings = defaultSettings;
  #problem: Failure | undefined;
  #text: string | undefined;
  #writing: Promise<void> = Promise.resolve();
  #watcher: FSWatcher | undefined;
  #settling: Disposable = disposable(() => undefined);

  /** Fires with every change of the settings or of `problem`, ours or from outside. */
  readonly onDidChange: Event<Settings> = this.#changed.event;

  private constructor(options: SettingsFileOptions) {
    this.#options = options;
  }

  /** Never rejects: what is wrong is in `problem`. */
  static async open(options: SettingsFileOptions): Promise<SettingsFile> {
    const opened = new SettingsFile(options);
    await opened.#read();
    await opened.#watch();
    return opened;
  }

  get settings(): Settings {
    return this.#settings;
  }

  /** Why the file's content is not in force: `config-unreadable`. */
  get problem(): Failure | undefined {
    return this.#problem;
  }

  /**
   * Changes the settings and the file; what the user wrote and nobody changed stays as it is. Rejects with
   * `config-unwritable`, or with `config-unreadable` while the file is broken: it would be lost.
   */
  update(change: (settings: Settings) => Settings): Promise<void> {
    const written = this.#writing.then(() => this.#write(change));
    this.#writing = written.catch(() => undefined); // the next write does not depend on this one
    return written;
  }

  async dispose(): Promise<void> {
    this.#watcher?.close();
    await this.#settling.dispose();
    await this.#writing;
    await this.#reading.request();
    this.#changed.dispose();
  }

  async #write(change: (settings: Settings) => Settings): Promise<void> {
    await this.#reading.request();
    if (this.#problem !== undefined) throw new FailureError(this.#problem);
    const next = change(this.#settings);
    if (next === this.#settings) return;
    const text = `${JSON.stringify(mergeInto(this.#document(), this.#settings, next), null, 2)}\n`;
    try {
      await writeAtomically(this.#options.file, text);
    } catch (error) {
      throw new FailureError(
        {
          code: 'config-unwritable',
          message: `The settings could not be written to ${this.#options.file}: ${(error as Error).message}.`,
          hint: 'Make the directory writable, or set TOWLINE_HOME to one that is. Nothing was changed.',
        },
        { cause: error },
      );
    }
    this.#text = text;
    this.#settings = next;
    this.#changed.fire(next);
    if (this.#watcher === undefined) await this.#watch(); // the directory may be new
  }

  #document(): Record<string, unknown> {
    if (this.#text === undefined) return {};
    return JSON.parse(this.#text) as Record<string, unknown>; // was read as valid settings
  }

  async #readAgain(): Promise<void> {
    const before = this.#text;
    const problemBefore = this.#problem?.message;
    await this.#read();
    if (this.#text !== before || this.#problem?.message !== problemBefore) this.#changed.fire(this.#settings);
  }

  async #read(): Promise<void> {
    const { file, log } = this.#options;
    let text: string | undefined;
    try {
      text = await readIfThere(file);
    } catch (error) {
      this.#problem = unreadable((error as Error).message, `Make ${file} readable for you.`);
      return;
    }
    if (text === this.#text) return;
    this.#text = text;
    const parsed = text === undefined ? ({ kind: 'ok', settings: defaultSettings } as const) : parse(text);
    if (parsed.kind === 'ok') {
      this.#problem = undefined;
      this.#settings = parsed.settings;
      return;
    }
    this.#problem = unreadable(parsed.problems.join('; '), await this.#setAside(text ?? ''));
    log.warn('settings file is broken', { file, problem: this.#problem.message });
  }

  async #setAside(text: string): Promise<string> {
    const inForce = 'Towline runs with the last good settings, or the defaults.';
    try {
      return `Kept as ${basename(await keepAside(this.#options.file, text))}. ${inForce}`;
    } catch (error) {
      return `${inForce} A copy could not be kept: ${(error as Error).message}.`;
    }
  }

  /** Follows the directory, as an atomic write replaces the file itself. */
  async #watch(): Promise<void> {
    const { file, clock, log } = this.#options;
    const directory = dirname(file);
    try {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      this.#watcher = watch(directory, { persistent: false }, (_event, name) => {
        if (name !== basename(file)) return;
        void this.#settling.dispose();
        this.#settling = clock.after(settleMs, () => void this.#reading.request(), { background: true }); // never rejects
      });
      this.#watcher.on('error', (error) => log.warn('settings file is not followed', { file, error }));
    } catch (error) {
      log.warn('settings file is not followed', { file, error });
    }
  }
}

function unreadable(problem: string, hint: string): Failure {
  return { code: 'config-unreadable', message: `The settings file could not be read: ${problem}.`, hint };
}

function parse(text: string): { kind: 'ok'; settings: Settings } | { kind: 'invalid'; problems: string[] } {
  const json = parseJsonText(text);
  if (json.kind === 'invalid') return { kind: 'invalid', problems: [`line ${json.line}, ${json.problem}`] };
  return parseSettings(json.value);
}

/** The user's document with the parts of the settings that changed: defaults stay unwritten. */
function mergeInto(document: Record<string, unknown>, before: Settings, after: Settings): Record<string, unknown> {
  const changed = Object.entries(after).filter(([key, value]) => before[key as keyof Settings] !== value);
  return { version: settingsVersion, ...document, ...Object.fromEntries(changed) };
}
