import type { HostView } from '../../shared/host.ts';
import { CommandLine } from '../components/command-line.tsx';

/** The host's Docker on a local socket: any Docker tool goes over the same line. */
export function DockerFromHere({ host }: { readonly host: HostView }) {
  const { localSocket } = host.docker;
  if (localSocket === undefined) return null;
  return (
    <section className="Card is-command">
      <h2>Docker from here</h2>
      <p className="Second Small">
        Any Docker tool reaches {host.id} over the line that is there already: no new connection, no session.
      </p>
      <CommandLine command={`docker -H unix://${localSocket} ps`} />
    </section>
  );
}
