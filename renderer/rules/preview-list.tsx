import type { Rule } from '../../shared/rule.ts';
import { count } from '../../shared/words.ts';
import { useHosts } from '../app-context.ts';
import { StateGlyph } from '../components/state-glyph.tsx';
import { countForwards } from '../models/forward-list.ts';
import { previewRows } from '../models/preview-rows.ts';
import { useRulePreview } from './use-rule-preview.ts';

interface PreviewListProps {
  /** Undefined while the form holds no rule. */
  readonly rule: Rule | undefined;
  readonly rules: readonly Rule[] | undefined;
  readonly index: number;
}

const mostRows = 50;

/** Which ports the rule would decide, before it does. */
export function PreviewList({ rule, rules, index }: PreviewListProps) {
  const hosts = useHosts();
  const all = useRulePreview(rules);
  const alone = useRulePreview(rule === undefined ? undefined : [rule]);
  const rows = previewRows(hosts, index, all, alone);
  const moved = rows.filter(({ moves }) => moves);
  const ends = moved.reduce((total, row) => total + row.ends, 0);
  return (
    <section aria-label="What it would do">
      <div className="SectionLabel" role="status">
        <span>
          Matches {rows.filter(({ decides }) => decides).length} of {count(countForwards(hosts).all, 'forward')},
          changes {moved.length}
        </span>
        <span>now → then</span>
      </div>
      <ul>
        {rows.slice(0, mostRows).map((row) => (
          <li key={row.key} className={row.decides ? 'PreviewRow' : 'PreviewRow is-untouched'} data-state={row.look}>
            <StateGlyph look={row.look} small />
            <span className="Clip">
              {row.name} <span className="Quiet">{row.where}</span>
            </span>
            <span className="Mono">{row.now}</span>
            <span className="Quiet">{row.decides ? '→' : ''}</span>
            <span className="Mono">{row.then}</span>
          </li>
        ))}
      </ul>
      {rows.length > mostRows ? <p className="Field-help">And {rows.length - mostRows} more.</p> : null}
      {ends > 0 ? (
        <p className="Field-help">
          {count(ends, 'open connection')} {ends === 1 ? 'ends' : 'end'} when the ports change.
        </p>
      ) : null}
    </section>
  );
}
