import { toFailure } from '../../shared/failure.ts';
import type { LogEvent } from '../../shared/log.ts';
import { LogCursor } from './cursor.ts';
import { Following, type FollowOptions } from './following.ts';
import { history } from './log-history.ts';
import { instant } from './log-time.ts';
import { Palette } from './sources.ts';

/** Tells what the containers have logged, then what they log; ends after the former where no more was asked for. */
export async function* followLog(options: FollowOptions, signal: AbortSignal): AsyncGenerator<LogEvent, void> {
  const { host, subject, request } = options;
  const palette = new Palette(subject.containers);
  for (const container of subject.containers) yield { kind: 'attached', source: palette.sourceOf(container) };

  const containers = subject.containers.map((container) => ({ container, cursor: new LogCursor() }));
  const unreadable = new Map<string, LogEvent>();
  const goesOn = !request.once && request.until === undefined;
  const bounds = {
    ...{ since: instant(request.since), until: instant(request.until), tail: request.tail, goesOn },
    leaveOut:
      subject.kind === 'container'
        ? undefined
        : ({ id, name }: { id: string; name: string }, error: unknown) =>
            void unreadable.set(id, {
              kind: 'ended',
              container: name,
              reason: 'unreadable',
              failure: toFailure(error),
            }),
  };
  for await (const lines of history(host.logs, containers, bounds, signal)) yield { kind: 'lines', lines };
  yield* unreadable.values();

  const readable = containers.filter(({ container }) => !unreadable.has(container.id));
  if (goesOn) yield* new Following(options, palette, readable).events(signal);
}
