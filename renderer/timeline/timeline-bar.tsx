import { Icon } from '../components/icon.tsx';
import { Select } from '../components/select.tsx';
import { figure } from '../format.ts';
import type { Times } from '../models/log-times.ts';
import { timesWords } from '../models/log-times.ts';
import { topicNames, type TimelineTopic } from '../models/timeline-rows.ts';

interface TimelineBarProps {
  readonly hosts: readonly string[];
  readonly hostId: string | undefined;
  readonly onHost: (hostId: string | undefined) => void;
  readonly counts: ReadonlyMap<TimelineTopic, number>;
  readonly hidden: ReadonlySet<TimelineTopic>;
  readonly onHidden: (hidden: ReadonlySet<TimelineTopic>) => void;
  readonly times: Times;
  readonly onTimes: () => void;
}

const topicWords: Readonly<Record<TimelineTopic, string>> = {
  line: 'Connection',
  containers: 'Containers',
  forwards: 'Forwards',
  deployments: 'Deployments',
  questions: 'Questions',
  warnings: 'Warnings',
};

/** Of which host, and of what, the timeline tells. */
export function TimelineBar({ hosts, hostId, onHost, counts, hidden, onHidden, times, onTimes }: TimelineBarProps) {
  const toggle = (topic: TimelineTopic): void => {
    const next = new Set(hidden);
    if (!next.delete(topic)) next.add(topic);
    onHidden(next);
  };
  const all = '';
  return (
    <div className="LogBar" role="toolbar" aria-label="What is shown">
      <Select
        label="Host"
        value={hostId ?? all}
        options={[[all, 'All hosts'], ...hosts.map((host) => [host, host] as const)]}
        onChange={(value) => onHost(value === all ? undefined : value)}
      />
      <div className="LogBar-services">
        {topicNames.map((topic) => (
          <button
            key={topic}
            type="button"
            className={hidden.has(topic) ? 'ServiceToggle is-plain is-off' : 'ServiceToggle is-plain'}
            aria-pressed={!hidden.has(topic)}
            onClick={() => toggle(topic)}
          >
            {topicWords[topic]} <span>{figure(counts.get(topic) ?? 0)}</span>
          </button>
        ))}
      </div>
      <span className="Toolbar-gap" />
      <button
        type="button"
        className="IconButton is-on"
        aria-label={`Times: ${timesWords[times]}`}
        title={`Times: ${timesWords[times]}`}
        onClick={onTimes}
      >
        <Icon name="clock" />
      </button>
    </div>
  );
}
