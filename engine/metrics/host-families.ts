import { connectionStateNameSchema, type HostView } from '../../shared/host.ts';
import { counter, gauge, seconds, type Family, type Reading } from './family.ts';

/** What is measured of the hosts' connections, sessions, Docker and event streams. */
export function hostFamilies(hosts: readonly HostView[], now: number): Family[] {
  return [
    ...connectionFamilies(hosts, now),
    ...sessionFamilies(hosts),
    ...dockerFamilies(hosts),
    ...eventFamilies(hosts),
  ];
}

/** One reading per host. */
function each(hosts: readonly HostView[], read: (host: HostView) => number | undefined): Reading[] {
  return hosts.map((host) => [{ host: host.id }, read(host)]);
}

function connectionFamilies(hosts: readonly HostView[], now: number): Family[] {
  const states = hosts.flatMap(({ id, state }) =>
    connectionStateNameSchema.options.map((name): Reading => [{ host: id, state: name }, name === state ? 1 : 0]),
  );
  return [
    gauge('towline_host_state', '1 for the state that the host is in, 0 for all others.', states),
    gauge('towline_ssh_connections', 'SSH connections that are open now.', each(hosts, isConnected)),
    gauge(
      'towline_ssh_connection_age_seconds',
      'For how long the present connection has been there.',
      each(hosts, ({ connections: { readySince } }) =>
        seconds(readySince === undefined ? undefined : now - readySince),
      ),
    ),
    counter(
      'towline_ssh_connections_opened_total',
      'SSH connections that were opened.',
      each(hosts, ({ connections }) => connections.opened),
    ),
    gauge(
      'towline_ssh_connections_opened_last_hour',
      'SSH connections that were opened within the last hour.',
      each(hosts, ({ connections }) => connections.lastHour),
    ),
    counter(
      'towline_ssh_reconnects_total',
      'SSH connections that had to replace an earlier one.',
      each(hosts, ({ connections }) => Math.max(0, connections.opened - 1)),
    ),
    gauge(
      'towline_ssh_circuit_open',
      '1 while the server has turned us away too often and is left alone.',
      each(hosts, ({ connections: { attempts } }) =>
        attempts === undefined ? undefined : Number(attempts.state === 'open'),
      ),
    ),
    counter(
      'towline_ssh_channels_opened_total',
      'Channels that were opened: each a use of the connection that was there.',
      each(hosts, ({ channels }) => channels.opened),
    ),
    gauge(
      'towline_ssh_channels',
      'Channels that are open now.',
      each(hosts, ({ channels }) => channels.open),
    ),
    gauge(
      'towline_ssh_channels_peak',
      'The most channels that were open at once.',
      each(hosts, ({ channels }) => channels.peak),
    ),
    gauge(
      'towline_ssh_round_trip_seconds',
      'The last round trip that was measured.',
      each(hosts, ({ server }) => seconds(server.rttMs)),
    ),
  ];
}

function sessionFamilies(hosts: readonly HostView[]): Family[] {
  return [
    gauge(
      'towline_ssh_sessions_limit',
      'Session channels that may be open at once.',
      each(hosts, ({ sessions }) => sessions.limit),
    ),
    gauge(
      'towline_ssh_sessions',
      'Session channels that are open now.',
      each(hosts, ({ sessions }) => sessions.inUse),
    ),
    gauge(
      'towline_ssh_sessions_waiting',
      'Commands that wait for a session channel.',
      each(hosts, ({ sessions }) => sessions.waiting),
    ),
    gauge(
      'towline_ssh_sessions_peak',
      'The most session channels that were open at once.',
      each(hosts, ({ sessions }) => sessions.peak),
    ),
    counter(
      'towline_ssh_sessions_opened_total',
      'Session channels that were opened.',
      each(hosts, ({ sessions }) => sessions.opened),
    ),
    counter(
      'towline_ssh_sessions_rejected_total',
      'Session channels that the server refused: it has no place, or allows none.',
      each(hosts, ({ sessions }) => sessions.rejected),
    ),
    gauge(
      'towline_ssh_sessions_opened_last_hour',
      'Session channels that were opened within the last hour.',
      each(hosts, ({ sessions }) => sessions.lastHour),
    ),
  ];
}

function dockerFamilies(hosts: readonly HostView[]): Family[] {
  const info = hosts.map(({ id, docker: { endpoint, apiVersion = '', engineVersion = '' } }): Reading => {
    const labels = { host: id, endpoint: endpoint?.kind ?? '', engine_version: engineVersion, api_version: apiVersion };
    return [labels, endpoint === undefined ? undefined : 1];
  });
  return [
    gauge(
      'towline_docker_up',
      '1 while the Docker daemon is reachable.',
      each(hosts, ({ docker }) => Number(docker.endpoint !== undefined)),
    ),
    gauge('towline_docker_info', 'How Docker is reached, and what it is.', info),
  ];
}

function eventFamilies(hosts: readonly HostView[]): Family[] {
  return [
    gauge(
      'towline_docker_event_stream_up',
      '1 while the event stream is live.',
      each(hosts, ({ events }) => Number(events.state === 'live')),
    ),
    counter(
      'towline_docker_event_stream_attempts_total',
      'How often the event stream was subscribed to.',
      each(hosts, ({ events }) => events.attempt),
    ),
    gauge(
      'towline_docker_event_stream_consecutive_failures',
      'Subscriptions that have failed in a row.',
      each(hosts, ({ events }) => events.consecutiveFailures),
    ),
    gauge(
      'towline_docker_event_stream_startup_seconds',
      'How long the present subscription took to come about.',
      each(hosts, ({ events }) => seconds(events.startupMs)),
    ),
    gauge(
      'towline_docker_event_stream_first_event_seconds',
      'From the present subscription to its first event.',
      each(hosts, ({ events }) => seconds(events.timeToFirstEventMs)),
    ),
    counter(
      'towline_docker_events_received_total',
      'Events that were received.',
      each(hosts, ({ events }) => events.received),
    ),
    gauge(
      'towline_docker_event_lag_seconds',
      "From the newest event, by the daemon's clock, to its arrival by ours.",
      each(hosts, ({ events }) => seconds(events.lagMs)),
    ),
  ];
}

function isConnected({ state }: HostView): number {
  return Number(state === 'ready');
}
