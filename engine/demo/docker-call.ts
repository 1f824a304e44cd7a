import type { ServerResponse } from 'node:http';
import type { Clock } from '../base/clock.ts';
import type { DockerDaemon } from './docker-daemon.ts';
import type { EventShape } from './docker-events.ts';
import type { DockerIdentity } from './docker-shapes.ts';

/** One request, and what it may be answered from. */
export interface ApiCall extends DockerIdentity {
  readonly daemon: DockerDaemon;
  readonly clock: Clock;
  readonly eventShape: EventShape;
  readonly query: URLSearchParams;
  readonly response: ServerResponse;
}
