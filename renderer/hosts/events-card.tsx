import type { HostView } from '../../shared/host.ts';
import { count } from '../../shared/words.ts';
import { Facts } from '../components/facts.tsx';
import { StateWord } from '../components/state-word.tsx';
import { Words } from '../components/words.tsx';
import { age, clockTime, duration, figure } from '../format.ts';
import { useSeconds } from '../use-seconds.ts';

const eventWords = {
  off: { look: 'off', word: 'Off' },
  subscribing: { look: 'connecting', word: 'Subscribing' },
  live: { look: 'on', word: 'Following' },
  polling: { look: 'degraded', word: 'Asking every few seconds' },
  waiting: { look: 'degraded', word: 'Trying again' },
} as const;

/** So many are told of; the timeline has the others. */
const mostEnded = 5;

/** The subscription to Docker's events: how it goes, and why earlier ones ended. */
export function EventsCard({ events }: { readonly events: HostView['events'] }) {
  const { state, attempt, startupMs, timeToFirstEventMs, received, totalMs, liveSince, lagMs, ended = [] } = events;
  const { look, word } = eventWords[state];
  const now = useSeconds(liveSince !== undefined);
  return (
    <section className="Card">
      <h2>
        Event stream <StateWord look={look} word={word} calm={look === 'on' || look === 'off'} />
      </h2>
      <Facts
        facts={[
          ['Attempt', attempt === 0 ? undefined : figure(attempt)],
          ['Started in', startupMs === undefined ? undefined : duration(startupMs)],
          ['First event', timeToFirstEventMs === undefined ? undefined : `after ${duration(timeToFirstEventMs)}`],
          ['Received', count(received, 'event')],
          ['Lag', lagMs === undefined ? undefined : `${lag(lagMs)}, by both clocks`],
          [
            'Live since',
            liveSince === undefined ? undefined : `${clockTime(liveSince, now)}, ${age(Math.max(0, now - liveSince))}`,
          ],
          ['Lasted', totalMs === undefined ? undefined : duration(totalMs)],
          ['Failures', `${events.consecutiveFailures} in a row`],
        ]}
      />
      {ended.length === 0 ? null : (
        <>
          <h3 className="Card-sub">Ended before, newest first</h3>
          <ul className="EndedList">
            {ended
              .slice(-mostEnded)
              .toReversed()
              .map(({ at, cause, totalMs: lasted, received: heard }) => (
                <li key={at}>
                  <time dateTime={new Date(at).toISOString()}>{clockTime(at, now)}</time>
                  <span>
                    <Words text={cause.message} />{' '}
                    <span className="Quiet">
                      {count(heard, 'event')}
                      {lasted === undefined ? '' : ` in ${duration(lasted)}`}, {cause.code}
                    </span>
                  </span>
                </li>
              ))}
          </ul>
        </>
      )}
    </section>
  );
}

/** The clocks differ, so it may be less than nothing. */
function lag(ms: number): string {
  return ms < 0 ? `−${duration(-ms)}` : duration(ms);
}
