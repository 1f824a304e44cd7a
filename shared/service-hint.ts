import type { ForwardView } from './forward.ts';
import { localAddress } from './words.ts';

/** What most likely listens at the far end, and so what a person does with its address. */
export type ServiceHint =
  | { readonly kind: 'page'; readonly name: 'http' | 'https'; readonly url: string }
  | { readonly kind: 'command'; readonly name: string; readonly command: string };

const clients: readonly {
  readonly name: string;
  readonly ports: readonly number[];
  readonly image: RegExp;
  readonly command: (host: string, port: number) => string;
}[] = [
  {
    name: 'postgres',
    ports: [5432],
    image: /postg|timescale/,
    command: (host, port) => `psql -h ${host} -p ${port} -U postgres`,
  },
  { name: 'redis', ports: [6379], image: /redis|valkey/, command: (host, port) => `redis-cli -h ${host} -p ${port}` },
  {
    name: 'mysql',
    ports: [3306],
    image: /mysql|mariadb/,
    command: (host, port) => `mysql -h ${host} -P ${port} --protocol=tcp -u root -p`,
  },
  { name: 'mongodb', ports: [27017], image: /mongo/, command: (host, port) => `mongosh mongodb://${host}:${port}` },
];
const secure = new Set([443, 8443, 9443]);
const pages = new Set([
  80, 81, 1080, 3000, 3001, 4200, 5000, 5173, 8000, 8008, 8025, 8080, 8081, 8088, 8500, 8888, 9000, 9090, 15672,
]);
const pageImages = /nginx|httpd|caddy|traefik|grafana|prometheus|mailpit|whoami|web/;

/** A guess from the far port and the image, as nothing is sent to find out. Undefined where there is none. */
export function serviceHint(forward: ForwardView): ServiceHint | undefined {
  const { remote, image = '', container = '' } = forward;
  const address = localAddress(forward);
  const client = clients.find(({ ports, image: named }) => ports.includes(remote.port) || named.test(image));
  if (client !== undefined) {
    const host = address.slice(0, address.lastIndexOf(':'));
    return { kind: 'command', name: client.name, command: client.command(host, forward.local.port) };
  }
  if (secure.has(remote.port)) return { kind: 'page', name: 'https', url: `https://${address}` };
  if (pages.has(remote.port) || pageImages.test(`${image} ${container}`)) {
    return { kind: 'page', name: 'http', url: `http://${address}` };
  }
  return undefined;
}
