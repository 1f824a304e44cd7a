import type { TimelineEntry, TimelineQuery } from '../shared/timeline.ts';
import { timelineWords } from '../shared/timeline-words.ts';
import { cleanText } from './clean-text.ts';
import { exitCode } from './exit.ts';
import { withRunning } from './running.ts';
import type { Shell } from './shell.ts';

export interface EventsOptions {
  readonly follow?: boolean;
  readonly json?: boolean;
  readonly host?: string;
  readonly kind?: NonNullable<TimelineQuery['kinds']>;
  readonly tail?: number;
}

/** `towline events`: what the running engine remembers of its hosts, and with `follow` what comes, until it stops. */
export function events(shell: Shell, { follow, json, host, kind, tail }: EventsOptions): Promise<number> {
  const query: TimelineQuery = {
    ...(host === undefined ? {} : { hostId: host }),
    ...(kind === undefined ? {} : { kinds: kind }),
    ...(tail === undefined ? {} : { tail }),
  };
  const write = (entries: readonly TimelineEntry[]): void => {
    for (const entry of entries) shell.stdout.write(`${json === true ? JSON.stringify(entry) : eventLine(entry)}\n`);
  };
  return withRunning(shell, async (api) => {
    if (follow !== true) write(await api.timeline.read(query));
    else {
      for await (const { entries, missed } of await api.timeline.watch(query)) {
        if (missed > 0) shell.stderr.write(`${missed} entries were missed: they came faster than they were read.\n`);
        write(entries);
      }
    }
    return exitCode.fine;
  });
}

/** `2026-11-21 00:21:05.123  shop  Connected (after 1.5 s)`, in this machine's time zone. */
export function eventLine(entry: TimelineEntry): string {
  const { at, hostId = 'towline' } = entry;
  const milliseconds = String(at % 1_000).padStart(3, '0');
  const moment = `${new Date(at).toLocaleString('sv-SE')}.${milliseconds}`;
  return cleanText(`${moment}  ${hostId}  ${timelineWords(entry)}`);
}
