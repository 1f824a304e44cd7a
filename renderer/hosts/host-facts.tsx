import type { HostView } from '../../shared/host.ts';
import { count } from '../../shared/words.ts';
import { Facts } from '../components/facts.tsx';
import { SessionMeter } from '../components/session-meter.tsx';
import { StateWord } from '../components/state-word.tsx';
import { age, clockTime, duration } from '../format.ts';
import { shownForwards } from '../models/forward-list.ts';
import { useSeconds } from '../use-seconds.ts';
import { EventsCard } from './events-card.tsx';

/** What one line is doing: connection, Docker, sessions, event stream. */
export function HostFacts({ host }: { readonly host: HostView }) {
  return (
    <div className="HostFacts">
      <ConnectionCard host={host} />
      <DockerCard host={host} />
      <SessionsCard host={host} />
      <EventsCard events={host.events} />
    </div>
  );
}

function ConnectionCard({ host: { connections, server, channels, attempt, target } }: { readonly host: HostView }) {
  const { readySince, attempts } = connections;
  const heldUntil = attempts?.state === 'open' ? attempts.openUntil : undefined;
  const now = useSeconds(readySince !== undefined);
  return (
    <section className="Card">
      <h2>
        Connection <span className="Card-aside">{connections.lastHour} opened in the last hour</span>
      </h2>
      <Facts
        facts={[
          [
            'Since',
            readySince === undefined ? 'not connected' : `${clockTime(readySince, now)}, ${age(now - readySince)}`,
          ],
          ['Attempt', attempt === undefined ? undefined : String(attempt)],
          [
            'Held back',
            heldUntil === undefined ? undefined : `until ${clockTime(heldUntil, now)}: it turned us away too often`,
          ],
          ['Round trip', server.rttMs === undefined ? undefined : duration(server.rttMs)],
          ['Server', server.ident?.replace(/^SSH-2\.0-/, '').replaceAll('_', ' ')],
          ['Key exchange', server.algorithms?.kex],
          ['Cipher', server.algorithms?.cipher],
          ['Host key', server.algorithms?.hostKey],
          ['Signed in as', server.user],
          [
            'Target',
            <span key="target" className="Mono">
              {target}
            </span>,
          ],
          ['Opened', `${count(connections.opened, 'connection')} since Towline started`],
          ['Channels', readySince === undefined ? undefined : `${channels.open} open, ${channels.peak} at most`],
        ]}
      />
    </section>
  );
}

function DockerCard({ host }: { readonly host: HostView }) {
  const { docker } = host;
  const { endpoint, engineVersion, apiVersion } = docker;
  const published = shownForwards(host).filter(({ source }) => source === 'container').length;
  return (
    <section className="Card">
      <h2>
        Docker{' '}
        {docker.reason !== undefined ? (
          <StateWord look="degraded" word="Not reached" />
        ) : endpoint === undefined ? (
          <StateWord look="off" word="Not connected" calm />
        ) : (
          <StateWord look="done" word="Answers" calm />
        )}
      </h2>
      <Facts
        facts={[
          [
            'Endpoint',
            endpoint === undefined
              ? undefined
              : endpoint.kind === 'streamlocal'
                ? 'streamlocal, costs no session'
                : 'dial-stdio, costs one session',
          ],
          [
            'Socket',
            endpoint?.kind === 'streamlocal' ? (
              <span key="socket" className="Mono">
                {endpoint.path}
              </span>
            ) : undefined,
          ],
          ['Because', endpoint?.kind === 'dial-stdio' ? endpoint.why : undefined],
          [
            'Engine',
            engineVersion === undefined
              ? undefined
              : `${engineVersion}${apiVersion === undefined ? '' : `, API ${apiVersion}`}`,
          ],
          ['Published', count(published, 'port')],
        ]}
      />
    </section>
  );
}

function SessionsCard({ host: { sessions } }: { readonly host: HostView }) {
  return (
    <section className="Card">
      <h2>
        Sessions <SessionMeter {...sessions} />
      </h2>
      <Facts
        facts={[
          ['Budget', count(sessions.limit, 'session')],
          ['Waiting', `${sessions.waiting === 0 ? 'none' : sessions.waiting}, peak ${sessions.peak}`],
          ['Opened', `${sessions.lastHour} in the last hour, ${sessions.opened} in all`],
        ]}
      />
    </section>
  );
}
