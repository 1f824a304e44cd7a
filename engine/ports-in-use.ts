import { portOwner } from './forward/port-owner.ts';
import type { HostView } from '../shared/host.ts';

/** Who listens on a local port: a forward of ours, by its container and host, or another program of this machine. */
export async function whoListens(port: number, hosts: Iterable<HostView>): Promise<string | undefined> {
  for (const host of hosts) {
    const ours = Object.values(host.forwards).find(
      (forward) => forward.local.port === port && forward.state === 'listening',
    );
    if (ours !== undefined) return `${ours.container ?? ours.id} of ${host.id}`;
  }
  return portOwner(port);
}
