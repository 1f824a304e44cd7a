import type { Duplex } from 'node:stream';
import { DisposableStore, type Disposable } from '../base/disposables.ts';
import type { Services } from './containers.ts';
import type { DockerDaemon } from './docker-daemon.ts';
import { isUp, type ContainerRecord } from './docker-record.ts';
import { memoryConnection } from './memory-stream.ts';
import type { Refusal } from './ssh-refusal.ts';
import type { TcpAddress } from './ssh-server.ts';

/** The pretend host's network: leads a dialled address to the container that has it, without any real socket. */
export class ShopNetwork implements Disposable {
  readonly #daemon: DockerDaemon;
  readonly #owned = new DisposableStore();
  readonly #services = new Map<string, Services>();
  readonly #open = new Map<Duplex, string>();

  constructor(daemon: DockerDaemon) {
    this.#daemon = daemon;
    this.#owned.add(
      daemon.journal.onDidRecord(({ action, id }) => {
        if (action === 'die') this.#breakOff(id);
      }),
    );
  }

  /** What answers on this container's ports whenever it is up. */
  serve(record: ContainerRecord, services: Services): void {
    this.#services.set(record.id, services);
  }

  dial(target: TcpAddress): Duplex | Refusal {
    for (const record of this.#daemon.containers) {
      const port = containerPort(record, target);
      const service = port === undefined ? undefined : this.#services.get(record.id)?.[port];
      if (service === undefined) continue;
      const [near, far] = memoryConnection();
      this.#open.set(far, record.id);
      far.on('close', () => this.#open.delete(far));
      far.on('error', () => undefined); // `close` follows
      service(far);
      return near;
    }
    return { refused: 'connect-failed', description: 'Connection refused' };
  }

  dispose(): Promise<void> {
    this.#breakOff();
    return this.#owned.dispose();
  }

  #breakOff(containerId?: string): void {
    for (const [stream, owner] of this.#open) if (containerId === undefined || owner === containerId) stream.destroy();
  }
}

/** The container's own port behind an address of the host, or of the container itself. */
function containerPort(record: ContainerRecord, { host, port }: TcpAddress): number | undefined {
  if (!isUp(record)) return undefined;
  if (host === record.ip) return port;
  const addresses =
    host === '::1' ? ['::', '::1'] : ['127.0.0.1', 'localhost'].includes(host) ? ['0.0.0.0', '127.0.0.1'] : [];
  return record.bindings.find((binding) => {
    return binding.protocol === 'tcp' && binding.hostPort === port && addresses.includes(binding.hostIp);
  })?.containerPort;
}
