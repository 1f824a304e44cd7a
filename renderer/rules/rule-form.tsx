import { useState } from 'react';
import type { Rule } from '../../shared/rule.ts';
import { Button } from '../components/button.tsx';
import { IconButton } from '../components/icon-button.tsx';
import { draftOf, ruleOf, ruleSubject, type RuleDraft } from '../models/rule-words.ts';
import { PreviewList } from './preview-list.tsx';
import { RuleFields } from './rule-fields.tsx';

interface RuleFormProps {
  readonly rule: Rule;
  readonly index: number;
  readonly others: readonly Rule[];
  readonly isNew: boolean;
  readonly onMove: (by: number) => void;
  readonly onCancel: () => void;
  /** With the whole list as it should be. */
  readonly onSave: (rules: readonly Rule[]) => Promise<void>;
}

/** One rule, and live below it what it would do. */
export function RuleForm({ rule, index, others, isNew, onMove, onCancel, onSave }: RuleFormProps) {
  const [draft, setDraft] = useState<RuleDraft>(() => draftOf(rule));
  const next = ruleOf(draft, rule);
  const changed = isNew || JSON.stringify(draft) !== JSON.stringify(draftOf(rule));
  const withDraft = next === undefined ? undefined : [...others.slice(0, index), next, ...others.slice(index)];
  return (
    <form
      className="Panel"
      aria-label="Rule"
      onSubmit={(event) => {
        event.preventDefault();
        if (withDraft !== undefined && changed) void onSave(withDraft);
      }}
    >
      <div className="Panel-head">
        <h2 className="Clip">{isNew ? 'New rule' : ruleSubject(rule)}</h2>
        <span className="Toolbar-gap" />
        {isNew ? null : (
          <>
            <IconButton icon="up" label="Try it earlier" disabled={index === 0} onClick={() => onMove(-1)} />
            <IconButton icon="down" label="Try it later" disabled={index === others.length} onClick={() => onMove(1)} />
            <IconButton icon="trash" label="Remove rule" onClick={() => void onSave(others)} />
          </>
        )}
      </div>
      <div className="Panel-body">
        <RuleFields
          draft={draft}
          service={rule.match.service !== undefined}
          onChange={(change) => setDraft({ ...draft, ...change })}
        />
        <PreviewList rule={next} rules={withDraft} index={index} />
      </div>
      <div className="Panel-foot">
        {next === undefined ? 'A port is a number from 1 to 65535' : changed ? 'Not saved yet' : 'In force'}
        <span className="Toolbar-gap" />
        {changed ? <Button onClick={isNew ? onCancel : () => setDraft(draftOf(rule))}>Discard</Button> : null}
        <Button variant="primary" type="submit" disabled={next === undefined || !changed}>
          Save rule
        </Button>
      </div>
    </form>
  );
}
