import type { EngineCommands } from '../commands.ts';
import { healthDetails, readiness } from './health.ts';

/** An answer to whoever watches over the engine. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const plain = 'text/plain; charset=utf-8';
/** Prometheus' text format. */
const exposition = 'text/plain; version=0.0.4; charset=utf-8';

/** What may be asked without proof of who asks: it names nobody. */
export const openPaths: ReadonlySet<string> = new Set(['/healthz', '/readyz']);
/** What a scraper may ask with its own token. */
export const scrapedPaths: ReadonlySet<string> = new Set(['/metrics', '/health/details']);

/** Liveness, readiness, details and metrics, from the state; undefined for any other path. */
export async function watchingAnswer(
  { store, metrics }: Pick<EngineCommands, 'store' | 'metrics'>,
  path: string,
  now: number,
): Promise<Answer | undefined> {
  switch (path) {
    case '/healthz':
      return { status: 200, type: plain, body: 'ok\n' };
    case '/readyz': {
      const { ready, saw } = readiness(store.state);
      return { status: ready ? 200 : 503, type: plain, body: `${saw}\n` };
    }
    case '/health/details': {
      const details = healthDetails(store.state, now, process.memoryUsage());
      return { status: 200, type: 'application/json', body: `${JSON.stringify(details, null, 2)}\n` };
    }
    case '/metrics':
      return { status: 200, type: exposition, body: await metrics.text() };
    default:
      return undefined;
  }
}
