import { Button } from '../components/button.tsx';
import { Icon } from '../components/icon.tsx';
import type { LogRow } from '../models/log-rows.ts';
import { go } from '../route.ts';

interface LogMomentBarProps {
  readonly hostId: string;
  readonly name: string;
  readonly at: string;
  readonly rows: readonly LogRow[];
}

/** That a log is shown as it was, and the ways on from there. */
export function LogMomentBar({ hostId, name, at, rows }: LogMomentBarProps) {
  const last = rows.at(-1);
  const end = last?.kind === 'line' ? `${last.line.at.slice(0, 23)}Z` : undefined;
  return (
    <div className="LogMomentBar" role="status">
      <Icon name="clock" />
      <span className="Grow">
        Around {new Date(at).toLocaleString('en-GB', { dateStyle: 'long', timeStyle: 'medium' })}
      </span>
      {end === undefined ? null : (
        <Button small onClick={() => go({ view: 'logs', hostId, name, at: end })}>
          Later lines
        </Button>
      )}
      <Button small onClick={() => go({ view: 'logs', hostId, name })}>
        Follow the newest
      </Button>
    </div>
  );
}
