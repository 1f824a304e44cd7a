import { useApp } from '../app-context.ts';
import { Sparkline } from '../components/sparkline.tsx';
import { rate } from '../format.ts';
import { trafficKey } from '../models/traffic.ts';
import type { ForwardItem } from '../models/forward-list.ts';
import { useSeconds } from '../use-seconds.ts';

/** What goes through just now, and the last two minutes of it; nothing where nothing went. */
export function Throughput({ item: { hostId, forward } }: { readonly item: ForwardItem }) {
  const { traffic } = useApp().mirror;
  const key = trafficKey(hostId, forward.id);
  const history = traffic.history(key, performance.now());
  useSeconds(history !== undefined);
  return (
    <div className="ForwardRow-rate" role="gridcell">
      {rate(traffic.rate(key, performance.now()))}
      {history === undefined ? null : <Sparkline values={history} />}
    </div>
  );
}
