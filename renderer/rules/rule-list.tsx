import type { Rule } from '../../shared/rule.ts';
import type { RulePreview } from '../../shared/settings-view.ts';
import { ruleEffect, ruleSubject } from '../models/rule-words.ts';

interface RuleListProps {
  readonly rules: readonly Rule[];
  readonly preview: readonly RulePreview[];
  readonly selected: number | undefined;
  readonly onSelect: (index: number) => void;
}

/** The rules in their order, each with how many ports it decides. */
export function RuleList({ rules, preview, selected, onSelect }: RuleListProps) {
  return (
    <div className="RuleList">
      <ol aria-label="Rules">
        {rules.map((rule, i) => (
          <li key={i}>
            <button
              type="button"
              className={i === selected ? 'RuleItem is-current' : 'RuleItem'}
              aria-current={i === selected}
              onClick={() => onSelect(i)}
            >
              <span className="RuleItem-number">{i + 1}</span>
              <b>{ruleSubject(rule)}</b>
              <span className="RuleItem-count" title="Ports it decides">
                {preview.filter((row) => row.rule === i).length}
              </span>
              <span className="RuleItem-what">{ruleEffect(rule)}</span>
            </button>
          </li>
        ))}
      </ol>
      <p className="RuleList-rest">Without a rule: the published port, on 127.0.0.1 and ::1.</p>
    </div>
  );
}
