import { Emitter } from '../../engine/base/emitter.ts';
import type { LogEvent, LogFollowRequest, LogLine, LogSource } from '../../shared/log.ts';
import { FakeLogs } from '../engine/serve/fake-logs.ts';

const services = ['api', 'cache', 'db', 'web'] as const;
type Service = (typeof services)[number];

const day = '2026-11-20T14:31:';

const lines: readonly (readonly [Service, string, string])[] = [
  ['web', '02.118', 'GET /products?page=2 200 12ms'],
  ['api', '02.940', 'info listing products page=2 rows=48 cache=hit'],
  ['cache', '03.207', '1:M 20 Nov 2026 14:31:03.207 * 100 changes in 300 seconds. Saving...'],
  ['web', '04.551', 'POST /cart 201 31ms'],
  ['api', '04.560', 'info cart created id=c_8f21 user=u_1172 items=1'],
  ['db', '06.013', 'LOG:  checkpoint starting: time'],
  ['api', '07.882', 'warn slow query 1284ms select * from orders where status = $1 order by created_at'],
  ['web', '07.884', 'GET /orders 200 1310ms'],
  ['api', '09.471', 'error POST /checkout failed: payment gateway timeout after 5000ms (attempt 1 of 3)'],
  ['web', '09.472', 'POST /checkout 502 5021ms'],
  ['api', '09.980', '\u001b[36minfo\u001b[0m retrying checkout o_5530 in 500ms'],
  ['api', '15.491', 'error POST /checkout failed: payment gateway timeout after 5000ms (attempt 2 of 3)'],
  ['api', '16.002', 'info retrying checkout o_5530 in 1000ms'],
  ['web', '18.661', 'POST /checkout 200 440ms'],
];

export function logLine(service: string, at: string, text: string): LogLine {
  return { at, stream: service === 'api' ? 'stderr' : 'stdout', container: `shop-${service}-1`, service, text };
}

function source(service: Service): LogSource {
  const container = `shop-${service}-1`;
  const colour = services.indexOf(service);
  return { container, containerId: container, service, colour, tty: false, running: true };
}

/** The log of the mocks, and whatever a test lets be logged while it is read. */
export class SceneLogs extends FakeLogs {
  readonly #told = new Emitter<LogEvent>();

  constructor() {
    super();
    this.events = [
      ...services.map((service): LogEvent => ({ kind: 'attached', source: source(service) })),
      {
        kind: 'lines',
        lines: lines.map(([service, seconds, text]) => logLine(service, `${day}${seconds}000000Z`, text)),
      },
    ];
  }

  override async *follow(request: LogFollowRequest, signal?: AbortSignal): AsyncGenerator<LogEvent> {
    const waiting: LogEvent[] = [];
    let wake: () => void = () => undefined;
    const listening = this.#told.event((event) => {
      waiting.push(event);
      wake();
    });
    signal?.addEventListener('abort', () => wake(), { once: true });
    try {
      yield* super.follow(request);
      while (signal?.aborted !== true) {
        const next = waiting.shift();
        if (next !== undefined) yield next;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      await listening.dispose();
    }
  }

  tell(event: LogEvent): void {
    this.#told.fire(event);
  }
}
