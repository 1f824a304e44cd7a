import type { ForwardView } from '../../shared/forward.ts';
import { bytes } from '../../shared/words.ts';
import { duration, figure } from '../format.ts';

/** Totals and where it leads, in sentences. */
export function RowDetails({ forward }: { readonly forward: ForwardView }) {
  const { openedMs, total, bytesUp, bytesDown, container, containerId, local, remote, image } = forward;
  const opened = openedMs === undefined ? '' : `Opened ${duration(openedMs)} after the container started. `;
  const bound = local.addresses.map((address) => (address.includes(':') ? `[${address}]` : address)).join(' and ');
  const name =
    container === undefined
      ? ''
      : ` Container ${container}${containerId === undefined ? '' : `, ${containerId.slice(0, 12)}`}${image === undefined ? '' : `, ${image}`}.`;
  return (
    <div className="ForwardRow-reason is-details" role="gridcell">
      <span>
        {opened}
        {figure(total)} {total === 1 ? 'connection' : 'connections'}, {bytes(bytesDown)} down, {bytes(bytesUp)} up. From{' '}
        {bound} to {remote.address}
        {remote.port === 0 ? '' : `:${remote.port}`} on the host.{name}
      </span>
    </div>
  );
}
