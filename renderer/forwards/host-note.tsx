import type { HostView } from '../../shared/host.ts';
import { hostWord } from '../../shared/words.ts';
import { useApp } from '../app-context.ts';
import { Button } from '../components/button.tsx';
import { Notice } from '../components/notice.tsx';

/** What a host has to say beside its line: why it is not there, or that there is nothing to forward. */
export function HostNote({ host, row }: { readonly host: HostView; readonly row: number }) {
  const { act } = useApp();
  const { look } = hostWord(host);
  const why = host.reason ?? host.docker.reason;
  const hostId = host.id;
  return (
    <div className="HostNote" role="row" aria-level={2} aria-rowindex={row}>
      <div role="gridcell">
        {why !== undefined ? (
          <Notice look={look === 'on' ? 'degraded' : look} message={why.message} hint={why.hint}>
            {host.state === 'failed' || host.state === 'needs-user' ? (
              <Button small onClick={() => void act((api) => api.hosts.connect({ hostId }))}>
                Connect
              </Button>
            ) : null}
          </Notice>
        ) : host.paused ? (
          <Notice look="paused" message={`All forwards of ${hostId} are paused`}>
            <Button small onClick={() => void act((api) => api.forwards.resume({ hostId }))}>
              Resume
            </Button>
          </Notice>
        ) : (
          <p className="HostNote-empty">
            No container publishes a port on {hostId}. One appears here as soon as it is started with <code>-p</code> or{' '}
            <code>ports:</code>.
          </p>
        )}
      </div>
    </div>
  );
}
