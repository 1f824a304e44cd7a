import { useCallback } from 'react';
import type { HostView } from '../../shared/host.ts';
import type { DockerContext } from '../../shared/machine.ts';
import { useApp } from '../app-context.ts';
import type { Api } from '../client.ts';
import { Button } from '../components/button.tsx';
import { CommandLine } from '../components/command-line.tsx';
import { StateWord } from '../components/state-word.tsx';
import { useAsked } from '../use-asked.ts';

/** The host's Docker on a local socket, and under a name: any Docker tool goes over the same line. */
export function DockerFromHere({ host }: { readonly host: HostView }) {
  const { localSocket } = host.docker;
  const { act } = useApp();
  const hostId = host.id;
  const [context, setContext] = useAsked(useCallback((api: Api) => api.dockerContext.get({ hostId }), [hostId]));
  if (localSocket === undefined) return null;
  const change = (request: (api: Api) => Promise<DockerContext>): void =>
    void act(async (api) => setContext(await request(api)));
  const installed = context?.installed === true;
  return (
    <section className="Card is-command">
      <h2>
        Docker from here {installed ? <StateWord look="done" word={`docker context ${context.name}`} calm /> : null}
      </h2>
      <p className="Second Small">
        Any Docker tool reaches {hostId} over the line that is there already: no new connection, no session.
        {context === undefined || installed ? '' : ` As a docker context it has a name, ${context.name}.`}
      </p>
      <CommandLine command={installed ? `docker --context ${context.name} ps` : `docker -H unix://${localSocket} ps`} />
      {context === undefined ? null : (
        <div className="Card-actions">
          {installed ? (
            <Button small onClick={() => change((api) => api.dockerContext.remove({ hostId }))}>
              Remove docker context
            </Button>
          ) : (
            <Button small onClick={() => change((api) => api.dockerContext.install({ hostId }))}>
              Install docker context
            </Button>
          )}
        </div>
      )}
    </section>
  );
}
