import { useId, type ReactNode } from 'react';
import { useHosts } from '../app-context.ts';
import { Checkbox } from '../components/checkbox.tsx';
import { Segmented } from '../components/segmented.tsx';
import { Select } from '../components/select.tsx';
import { sortedHosts } from '../models/forward-list.ts';
import type { RuleDraft } from '../models/rule-words.ts';

interface RuleFieldsProps {
  readonly draft: RuleDraft;
  /** Whether the rule names a compose service rather than a container. */
  readonly service: boolean;
  readonly onChange: (change: Partial<RuleDraft>) => void;
}

export function RuleFields({ draft, service, onChange }: RuleFieldsProps) {
  const ids = sortedHosts(useHosts()).map(({ id }) => id);
  const known = draft.host === '' || ids.includes(draft.host) ? ids : [draft.host, ...ids];
  return (
    <div className="RuleForm">
      <span>Host</span>
      <div className="RuleForm-line">
        <Select
          label="Host"
          value={draft.host}
          options={[['', 'any'], ...known.map((id) => [id, id] as const)]}
          onChange={(host) => onChange({ host })}
        />
      </div>
      <Line
        name={service ? 'Service' : 'Container'}
        value={draft.container}
        placeholder="any, * stands for anything"
        onChange={(container) => onChange({ container })}
      />
      <Line name="Project" value={draft.project} placeholder="any" onChange={(project) => onChange({ project })} />
      <Line
        name="Image"
        value={draft.image}
        placeholder="any, such as postgres*"
        onChange={(image) => onChange({ image })}
      />
      <Line name="Container port" narrow value={draft.port} placeholder="any" onChange={(port) => onChange({ port })} />
      <span>Then</span>
      <div className="RuleForm-line">
        <Segmented
          label="Then"
          value={draft.action}
          onChange={(action) => onChange({ action })}
          options={[
            ['default', 'Same port'],
            ['port', 'Exactly'],
            ['ignore', 'Ignore'],
          ]}
        />
        {draft.action === 'port' ? (
          <span className="Field is-port">
            <input
              className="Mono"
              inputMode="numeric"
              aria-label="Local port"
              placeholder="15432"
              value={draft.localPort}
              onChange={(event) => onChange({ localPort: event.target.value })}
            />
          </span>
        ) : null}
      </div>
      {draft.action === 'ignore' ? null : (
        <>
          <span>If taken</span>
          <div className="RuleForm-line">
            <Select
              label="If taken"
              value={draft.policy}
              options={[
                ['', 'as the settings say'],
                ['remap', 'use the next free port'],
                ['require', 'wait until it is free'],
              ]}
              onChange={(policy) => onChange({ policy })}
            />
          </div>
          <span />
          <Checkbox checked={draft.unpublished} onChange={(unpublished) => onChange({ unpublished })}>
            Also ports that are exposed but not published
          </Checkbox>
        </>
      )}
    </div>
  );
}

interface LineProps {
  readonly name: ReactNode;
  readonly value: string;
  readonly placeholder: string;
  readonly narrow?: boolean;
  readonly onChange: (value: string) => void;
}

function Line({ name, value, placeholder, narrow = false, onChange }: LineProps) {
  const id = useId();
  return (
    <>
      <label htmlFor={id}>{name}</label>
      <div className="RuleForm-line">
        <span className={narrow ? 'Field is-port' : 'Field Grow'}>
          <input
            id={id}
            className="Mono"
            autoComplete="off"
            spellCheck={false}
            value={value}
            placeholder={placeholder}
            onChange={(event) => onChange(event.target.value)}
          />
        </span>
      </div>
    </>
  );
}
