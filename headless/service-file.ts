import { rm } from 'node:fs/promises';
import { readIfThere, writeAtomically } from '../engine/atomic-file.ts';
import { FailureError } from '../shared/failure.ts';

/** The file that describes the service to the system. Ours is told by a mark in it; any other is left alone. */
export class ServiceFile {
  readonly path: string;
  readonly #mark: string;

  constructor(path: string, mark: string) {
    this.path = path;
    this.#mark = mark;
  }

  async look(): Promise<'yes' | 'no' | 'foreign'> {
    const content = await readIfThere(this.path);
    if (content === undefined) return 'no';
    return content.includes(this.#mark) ? 'yes' : 'foreign';
  }

  /** Rejects with `service-foreign` or `service-unwritable`. */
  async write(content: string): Promise<'installed' | 'updated' | 'unchanged'> {
    const before = await this.look();
    if (before === 'foreign') throw this.#foreign();
    if ((await readIfThere(this.path)) === content) return 'unchanged';
    await this.#change(() => writeAtomically(this.path, content));
    return before === 'yes' ? 'updated' : 'installed';
  }

  /** Rejects with `service-foreign` if there is one that may not be removed. */
  async mayRemove(): Promise<boolean> {
    const before = await this.look();
    if (before === 'foreign') throw this.#foreign();
    return before === 'yes';
  }

  remove(): Promise<void> {
    return this.#change(() => rm(this.path, { force: true }));
  }

  #foreign(): FailureError {
    return new FailureError({
      code: 'service-foreign',
      message: `${this.path} is not of Towline's making.`,
      hint: 'It was left as it is. Move it away, then try again.',
    });
  }

  async #change(change: () => Promise<void>): Promise<void> {
    try {
      await change();
    } catch (error) {
      throw new FailureError(
        {
          code: 'service-unwritable',
          message: `${this.path} could not be changed: ${(error as Error).message}.`,
          hint: 'Make its folder writable.',
        },
        { cause: error },
      );
    }
  }
}
