import { useState, type CSSProperties } from 'react';
import type { LogSource } from '../../shared/log.ts';
import { useApp } from '../app-context.ts';
import { IconButton } from '../components/icon-button.tsx';
import { Icon, type IconName } from '../components/icon.tsx';
import { Menu } from '../components/menu.tsx';
import { Segmented } from '../components/segmented.tsx';
import { figure } from '../format.ts';
import type { LogCounts } from '../models/log-buffer.ts';
import { exported, serviceOf, type LogFilter } from '../models/log-filter.ts';
import type { LogRow } from '../models/log-rows.ts';
import { timesInTurn, timesWords } from '../models/log-times.ts';
import { saveText } from '../save-text.ts';
import type { LogLook } from './log-look.ts';

type Filter = Omit<LogFilter, 'only'>;

interface LogBarProps {
  readonly name: string;
  readonly counts: LogCounts;
  readonly sources: readonly LogSource[];
  readonly filter: Filter;
  readonly onFilter: (filter: Filter) => void;
  readonly look: LogLook;
  readonly onLook: (change: Partial<LogLook>) => void;
  /** Asks for a time at which to open the log; undefined where there is only its end to be had. */
  readonly onMoment: (() => void) | undefined;
  /** What is shown: that is what is exported. */
  readonly rows: readonly LogRow[];
}

/** Which services, levels and streams are shown, and how. */
export function LogBar({ name, counts, sources, filter, onFilter, look, onLook, onMoment, rows }: LogBarProps) {
  const { hidden, level, stream } = filter;
  const colours = new Map(sources.map((source) => [serviceOf(source), source.colour]));
  const services = [...new Set([...colours.keys(), ...counts.services.keys()])].sort((a, b) => a.localeCompare(b));
  const toggle = (service: string): void => {
    const next = new Set(hidden);
    if (!next.delete(service)) next.add(service);
    onFilter({ ...filter, hidden: next });
  };
  return (
    <div className="LogBar" role="toolbar" aria-label="What is shown">
      <div className="LogBar-services">
        {services.map((service) => (
          <button
            key={service}
            type="button"
            className={hidden.has(service) ? 'ServiceToggle is-off' : 'ServiceToggle'}
            aria-pressed={!hidden.has(service)}
            style={{ '--service': `var(--service-${((colours.get(service) ?? 0) % 6) + 1})` } as CSSProperties}
            onClick={() => toggle(service)}
          >
            {service} <span>{figure(counts.services.get(service) ?? 0)}</span>
          </button>
        ))}
      </div>
      <span className="Toolbar-gap" />
      <Segmented
        label="Level"
        value={level}
        onChange={(value) => onFilter({ ...filter, level: value })}
        options={[
          ['all', 'All'],
          ['warn', `Warn ${figure(counts.warn)}`],
          ['error', `Error ${figure(counts.error)}`],
        ]}
      />
      <Toggle
        icon="filter"
        label="Show matching lines only"
        on={look.onlyFound}
        onClick={() => onLook({ onlyFound: !look.onlyFound })}
      />
      <button
        type="button"
        className={stream === 'stderr' ? 'IconButton is-word is-on' : 'IconButton is-word'}
        aria-pressed={stream === 'stderr'}
        title="Only stderr"
        onClick={() => onFilter({ ...filter, stream: stream === 'stderr' ? 'all' : 'stderr' })}
      >
        stderr
      </button>
      <Toggle icon="wrap" label="Wrap lines" on={look.wrap} onClick={() => onLook({ wrap: !look.wrap })} />
      <Toggle
        icon="clock"
        label={`Times: ${timesWords[look.times]}`}
        on={look.times !== 'none'}
        onClick={() => onLook({ times: timesInTurn[look.times] })}
      />
      {onMoment === undefined ? null : (
        <IconButton icon="jump" label="Open at a time" aria-haspopup="dialog" onClick={onMoment} />
      )}
      <Export name={name} rows={rows} />
    </div>
  );
}

function Export({ name, rows }: { readonly name: string; readonly rows: readonly LogRow[] }) {
  const { tell, fail } = useApp();
  const [menu, setMenu] = useState<{ right: number; top: number }>();
  const copy = (): void => {
    navigator.clipboard.writeText(exported(rows, 'text')).then(
      () => tell(`Copied ${figure(rows.length)} lines`),
      () => fail({ code: 'clipboard-refused', message: 'The browser does not let this page copy.' }),
    );
  };
  return (
    <>
      <button
        type="button"
        className="IconButton"
        aria-label="Copy or export what is shown"
        title="Copy or export what is shown"
        aria-haspopup="menu"
        onClick={(event) => {
          const { right, bottom } = event.currentTarget.getBoundingClientRect();
          setMenu({ right, top: bottom + 4 });
        }}
      >
        <Icon name="export" />
      </button>
      {menu === undefined ? null : (
        <Menu
          label="Copy or export"
          at={menu}
          onClose={() => setMenu(undefined)}
          items={[
            { label: 'Copy what is shown', run: copy },
            { label: 'Save as text', run: () => saveText(`${name}.log`, exported(rows, 'text')) },
            { label: 'Save as NDJSON', run: () => saveText(`${name}.ndjson`, exported(rows, 'ndjson')) },
          ]}
        />
      )}
    </>
  );
}

function Toggle({
  icon,
  label,
  on,
  onClick,
}: {
  readonly icon: IconName;
  readonly label: string;
  readonly on: boolean;
  readonly onClick: () => void;
}) {
  return (
    <button
      type="button"
      className={on ? 'IconButton is-on' : 'IconButton'}
      aria-pressed={on}
      aria-label={label}
      title={label}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}
