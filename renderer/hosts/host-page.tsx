import { useMirrored } from '../app-context.ts';
import { Empty } from '../components/empty.tsx';
import { HostPageBody } from './host-page-body.tsx';

/** One host: what its line is doing. */
export function HostPage({ hostId }: { readonly hostId: string }) {
  const host = useMirrored(({ state }) => state?.hosts[hostId]);
  if (host !== undefined) return <HostPageBody host={host} />;
  return (
    <Empty
      title={`There is no host named ${hostId}`}
      actions={
        <a className="Button" href="#/forwards">
          Show forwards
        </a>
      }
    >
      It may have been removed in another window or in the settings file.
    </Empty>
  );
}
