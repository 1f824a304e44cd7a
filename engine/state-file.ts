import { rm } from 'node:fs/promises';
import { z } from 'zod';
import { keepAside, readIfThere, writeAtomically } from './atomic-file.ts';
import type { Clock } from './base/clock.ts';
import { CoalescedPass } from './base/coalesced.ts';
import type { Disposable } from './base/disposables.ts';
import type { Logger } from './base/logger.ts';
import { jsonOrUndefined } from './json-text.ts';

const stateSchema = z.object({
  version: z.literal(1),
  /** Local port of a forward by its key, the most recently used last. */
  ports: z.record(z.string(), z.int().min(1).max(65535)),
});

/** Changes within this time are written together. */
const settleMs = 500;

/** Enough for every container one meets in years; beyond it the least recently used is forgotten. */
const maxPorts = 5_000;

export interface StateFileOptions {
  readonly file: string;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What Towline remembers by itself: local ports. Losing it costs comfort, so no error of the file stops anything. */
export class StateFile implements Disposable {
  readonly #options: StateFileOptions;
  readonly #ports = new Map<string, number>();
  readonly #writing = new CoalescedPass(() => this.#write());
  #settling: Disposable | undefined;
  #unwritten = false;

  private constructor(options: StateFileOptions) {
    this.#options = options;
  }

  /** Never rejects: a broken file is set aside, and nothing is remembered. */
  static async open(options: StateFileOptions): Promise<StateFile> {
    const opened = new StateFile(options);
    await opened.#read();
    return opened;
  }

  /** The local port that the forward had last time. */
  rememberedPort(key: string): number | undefined {
    return this.#ports.get(key);
  }

  rememberPort(key: string, port: number): void {
    const known = this.#ports.get(key) === port;
    this.#ports.delete(key);
    this.#ports.set(key, port);
    for (const oldest of this.#ports.keys()) {
      if (this.#ports.size <= maxPorts) break;
      this.#ports.delete(oldest);
    }
    if (!known) this.#changed();
  }

  forgetPort(key: string): void {
    if (this.#ports.delete(key)) this.#changed();
  }

  /** Writes what is not yet written. */
  async dispose(): Promise<void> {
    await this.#settling?.dispose();
    this.#settling = undefined;
    if (this.#unwritten) await this.#writing.request();
  }

  #changed(): void {
    this.#unwritten = true;
    this.#settling ??= this.#options.clock.after(
      settleMs,
      () => {
        this.#settling = undefined;
        void this.#writing.request(); // never rejects
      },
      { background: true },
    );
  }

  async #read(): Promise<void> {
    const { file, log } = this.#options;
    try {
      const text = await readIfThere(file);
      if (text === undefined) return;
      const parsed = stateSchema.safeParse(jsonOrUndefined(text));
      if (parsed.success) {
        for (const [key, port] of Object.entries(parsed.data.ports)) this.#ports.set(key, port);
        return;
      }
      log.warn('state file is broken and was set aside', { file, aside: await keepAside(file, text) });
      await rm(file);
    } catch (error) {
      log.warn('state file could not be read', { file, error });
    }
  }

  async #write(): Promise<void> {
    const { file, log } = this.#options;
    try {
      await writeAtomically(
        file,
        `${JSON.stringify({ version: 1, ports: Object.fromEntries(this.#ports) }, null, 1)}\n`,
      );
      this.#unwritten = false;
    } catch (error) {
      log.warn('state file could not be written', { file, error });
    }
  }
}
