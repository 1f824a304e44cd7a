import type { Duplex } from 'node:stream';
import type { ContainerSpec, Publish } from './docker-record.ts';
import { serveLines } from './line-service.ts';
import { redisAnswers } from './redis-service.ts';
import { demoPage, httpService, shopApi } from './shop-pages.ts';
import { smtpAnswers, smtpGreeting } from './smtp-service.ts';

/** Serves one connection. */
export type Service = (stream: Duplex) => void;

/** What answers on a container's ports, by container port. */
export type Services = Readonly<Record<number, Service>>;

export interface DemoContainer {
  readonly spec: ContainerSpec;
  /** Called once for each container; `log` writes a line of the container's log. */
  services(this: void, log: (text: string) => void): Services;
}

/** The pretend containers: a small shop, a compose project as many have one. */
export const shop = {
  web: {
    spec: service('web', 'shop/web:1.4', [{ containerPort: 8080, hostPort: 8080 }]),
    services: (log) => ({
      8080: http(log, () => demoPage('shop-web-1', 8080, 'The shop’s front page. It restarts every minute or so.')),
    }),
  },
  api: {
    spec: service('api', 'shop/api:2.0', [
      { containerPort: 3000, hostPort: 3000 },
      { containerPort: 8125, hostPort: 8125, protocol: 'udp' }, // statsd: shown as not carried
    ]),
    services: (log) => ({ 3000: http(log, shopApi) }),
  },
  cache: {
    spec: service('cache', 'redis:7', [{ containerPort: 6379, hostPort: 6379 }]),
    services: (log) => {
      const store = new Map([['greeting', 'ahoy']]);
      return { 6379: (stream) => serveLines(stream, '', redisAnswers(store, log)) };
    },
  },
  mail: {
    spec: service('mail', 'shop/mail:1.0', [
      { containerPort: 1025, hostPort: 1025 },
      { containerPort: 8025, hostPort: 8025 },
    ]),
    services: (log) => {
      let mails = 0;
      const received = (sender: string): void => {
        mails += 1;
        log(`mail from ${sender}`);
      };
      return {
        1025: (stream) => serveLines(stream, smtpGreeting, smtpAnswers(received)),
        8025: http(log, () => demoPage('shop-mail-1', 8025, `Mails received on port 1025 so far: ${mails}.`)),
      };
    },
  },
  worker: {
    spec: service('worker', 'shop/worker:1.4', []),
    services: () => ({}),
  },
  batch: {
    spec: service('batch', 'shop/batch:1.4', [{ containerPort: 9000 }]),
    services: (log) => ({
      9000: http(log, () => demoPage('shop-batch-1', 9000, 'A job that comes and goes, each time on another port.')),
    }),
  },
} satisfies Record<string, DemoContainer>;

function service(name: string, image: string, ports: readonly Publish[]): ContainerSpec {
  return {
    name: `shop-${name}-1`,
    image,
    ports,
    command: [name],
    network: 'shop_default',
    labels: {
      'com.docker.compose.project': 'shop',
      'com.docker.compose.service': name,
      'com.docker.compose.container-number': '1',
      'com.docker.compose.oneoff': 'False',
    },
  };
}

function http(log: (text: string) => void, handle: Parameters<typeof httpService>[1]): Service {
  const server = httpService(log, handle);
  return (stream) => {
    stream.on('error', () => undefined); // the container has stopped, or the client broke off
    server.emit('connection', stream);
  };
}
