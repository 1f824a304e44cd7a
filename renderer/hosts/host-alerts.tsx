import { useMemo } from 'react';
import type { AppState } from '../../shared/app-state.ts';
import { useMirrored } from '../app-context.ts';
import { Notice } from '../components/notice.tsx';
import { age, clockTime } from '../format.ts';
import { useSeconds } from '../use-seconds.ts';

const noAlerts: NonNullable<AppState['alerts']> = {};

/** What Towline warns of on one host; here nothing is put away. */
export function HostAlerts({ hostId }: { readonly hostId: string }) {
  const alerts = useMirrored(({ state }) => state?.alerts ?? noAlerts);
  const own = useMemo(() => Object.values(alerts).filter((alert) => alert.hostId === hostId), [alerts, hostId]);
  const now = useSeconds(own.length > 0);
  return own.map(({ id, message, hint, since }) => (
    <div className="Above-3" key={id}>
      <Notice look="degraded" message={message} hint={hint}>
        <span className="Second" title={`Since ${clockTime(since, now)}`}>
          {age(Math.max(0, now - since))}
        </span>
      </Notice>
    </div>
  ));
}
