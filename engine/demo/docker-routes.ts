import type { ApiCall } from './docker-call.ts';
import { hasLabel, parseFilters, type Filters } from './docker-events.ts';
import { flag } from './docker-logs.ts';
import { isUp, type ContainerRecord } from './docker-record.ts';
import { infoBody, inspectBody, listRow, networkBody, networkOf, versionBody } from './docker-shapes.ts';
import { streamEvents, streamLogs } from './docker-streams.ts';

export type Reply =
  | { kind: 'json'; body: unknown }
  | { kind: 'status'; status: number }
  | { kind: 'error'; status: number; message: string }
  | { kind: 'streaming' };

type Route = (call: ApiCall) => Reply;
type ContainerRoute = (call: ApiCall, container: ContainerRecord) => Reply;

export function findRoute(method: string, path: string): Route | undefined {
  const plain = routes[`${method === 'HEAD' ? 'GET' : method} ${path}`];
  if (plain !== undefined) return plain;
  const [, reference, act = ''] = /^\/containers\/([^/]+)(?:\/([a-z]+))?$/.exec(path) ?? [];
  const onContainer = containerRoutes[`${method} ${act}`];
  if (reference === undefined || onContainer === undefined) return undefined;
  return (call) => {
    const container = call.daemon.find(decodeURIComponent(reference));
    if (container === undefined) return { kind: 'error', status: 404, message: `No such container: ${reference}` };
    return onContainer(call, container);
  };
}

const routes: Readonly<Record<string, Route>> = {
  'GET /_ping': (call) => {
    call.response.writeHead(200, { 'Content-Type': 'text/plain; charset=utf-8' }).end('OK');
    return { kind: 'streaming' };
  },
  'GET /version': (call) => json(versionBody(call)),
  'GET /info': ({ daemon, engineVersion, clock }) => json(infoBody(daemon.containers, engineVersion, clock.now())),
  'GET /containers/json': ({ daemon, query, clock }) => {
    const filters = parseFilters(query.get('filters'));
    const all = flag(query, 'all') || 'status' in filters;
    const listed = daemon.containers.filter((record) => (all || isUp(record)) && isListed(record, filters));
    return json(listed.map((record) => listRow(record, clock.now())));
  },
  'GET /events': (call) => {
    streamEvents(call, parseFilters(call.query.get('filters')));
    return { kind: 'streaming' };
  },
  'GET /networks': ({ daemon }) => {
    return json([...new Set(['bridge', 'host', ...daemon.containers.map(networkOf)])].map(networkBody));
  },
};

const containerRoutes: Readonly<Record<string, ContainerRoute>> = {
  'GET json': (_call, container) => json(inspectBody(container)),
  'GET logs': (call, container) => {
    streamLogs(call, container);
    return { kind: 'streaming' };
  },
  'POST start': ({ daemon }, container) => ({ kind: 'status', status: daemon.start(container) ? 204 : 304 }),
  'POST stop': ({ daemon }, container) => ({ kind: 'status', status: daemon.stop(container) ? 204 : 304 }),
  'POST restart': ({ daemon }, container) => {
    daemon.restart(container);
    return { kind: 'status', status: 204 };
  },
};

function json(body: unknown): Reply {
  return { kind: 'json', body };
}

function isListed(record: ContainerRecord, filters: Filters): boolean {
  return Object.entries(filters).every(([name, values]) => {
    return values.length === 0 || values.some((value) => isNamed(record, name, value));
  });
}

function isNamed(record: ContainerRecord, filter: string, value: string): boolean {
  switch (filter) {
    case 'id':
      return record.id.startsWith(value);
    case 'name':
      return record.name.includes(value.replace(/^\//, ''));
    case 'label':
      return hasLabel(record.spec.labels ?? {}, value);
    case 'status':
      return record.status === value;
    default:
      return true;
  }
}
