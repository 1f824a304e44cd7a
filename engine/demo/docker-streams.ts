import type { ServerResponse } from 'node:http';
import { DisposableStore } from '../base/disposables.ts';
import { eventLine, passes, type DockerEvent, type Filters } from './docker-events.ts';
import { logFrame, logQuery, nanoseconds, selectLogs, type LogEntry } from './docker-logs.ts';
import { isUp, type ContainerRecord } from './docker-record.ts';
import type { ApiCall } from './docker-call.ts';

/** `/events`: what is remembered since `since`, then what comes, up to `until` or as long as the client listens. */
export function streamEvents(call: ApiCall, filters: Filters): void {
  const { response, query, daemon, clock, eventShape } = call;
  const since = nanoseconds(query.get('since'));
  const until = nanoseconds(query.get('until'));
  const owned = ownedBy(response);
  const write = (event: DockerEvent): void => {
    if (passes(event, filters)) response.write(eventLine(event, eventShape));
  };

  response.writeHead(200, { 'Content-Type': 'application/json' });
  response.flushHeaders(); // the client knows it is subscribed before anything happens
  const past = since === undefined ? [] : daemon.journal.since(since);
  for (const event of past) if (until === undefined || event.timeNano <= until) write(event);

  const leftMs = until === undefined ? Infinity : Number(until / 1_000_000n) - clock.now();
  if (leftMs <= 0) return void response.end();
  if (leftMs !== Infinity) owned.add(clock.after(leftMs, () => response.end(), { background: true }));
  owned.add(daemon.journal.onDidRecord(write));
}

/** `/containers/{id}/logs`: what was written, then with `follow` what is, until the container stops. */
export function streamLogs({ response, query: params, daemon }: ApiCall, container: ContainerRecord): void {
  const query = logQuery(params);
  const owned = ownedBy(response);
  const write = (entry: LogEntry): void => {
    if (!response.writableEnded) response.write(logFrame(entry, query.timestamps)); // it closes a little later than it ends
  };

  response.writeHead(200, { 'Content-Type': 'application/vnd.docker.multiplexed-stream' });
  response.flushHeaders();
  for (const entry of selectLogs(container.logs.entries, query)) write(entry);
  if (!query.follow || !isUp(container)) return void response.end();
  owned.add(
    container.logs.onDidAppend((entry) => {
      if (query[entry.stream]) write(entry);
    }),
  );
  owned.add(
    daemon.journal.onDidRecord(({ id, action }) => {
      if (id === container.id && action === 'die') response.end();
    }),
  );
}

/** What lives as long as the response. */
function ownedBy(response: ServerResponse): DisposableStore {
  const owned = new DisposableStore();
  response.on('close', () => void owned.dispose()); // only subscriptions and timers, which can't fail
  return owned;
}
