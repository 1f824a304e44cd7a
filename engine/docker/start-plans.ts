import type { Container, PublishedPort } from '../../shared/container.ts';
import type { Inspected } from './containers.ts';

const maxPlans = 5_000;

/** The ports that containers will have when they are next started, as far as that is fixed beforehand. The oldest go first. */
export class StartPlans {
  readonly #plans = new Map<string, { container: Container; ports: readonly PublishedPort[] }>();

  /** What a look has told, in place of what was known of this container. */
  learn({ container, planned }: Inspected): void {
    this.#plans.delete(container.id);
    if (planned === undefined) return;
    this.#plans.set(container.id, { container, ports: planned });
    for (const oldest of this.#plans.keys()) {
      if (this.#plans.size <= maxPlans) break;
      this.#plans.delete(oldest);
    }
  }

  forget(id: string): void {
    this.#plans.delete(id);
  }

  /** The container as it will be once it has started at `startedAtMs`; undefined where that can't be known. */
  started(id: string, startedAtMs: number): Container | undefined {
    const plan = this.#plans.get(id);
    return plan === undefined ? undefined : { ...plan.container, published: plan.ports, startedAtMs };
  }
}
