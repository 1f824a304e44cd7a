import { useHosts } from '../app-context.ts';
import { SessionMeter } from '../components/session-meter.tsx';
import { promiseFigures } from '../models/host-summary.ts';

/** The promise, on display in every view: connections and sessions, now and in the last hour. */
export function SessionPanel() {
  const { connections, sessions } = promiseFigures(useHosts());
  return (
    <section className="SessionPanel" aria-label="What Towline has open">
      <span />
      <span className="SessionPanel-head">now</span>
      <span className="SessionPanel-head">1 h</span>
      <span>Connections</span>
      <span className="SessionPanel-now">{connections.now}</span>
      <span className="SessionPanel-hour">{connections.lastHour}</span>
      <span>Sessions</span>
      <span className="SessionPanel-now">
        <SessionMeter {...sessions} words="slash" />
      </span>
      <span className="SessionPanel-hour">{sessions.lastHour}</span>
    </section>
  );
}
