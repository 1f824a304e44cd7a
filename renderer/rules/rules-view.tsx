import { useState } from 'react';
import type { Rule } from '../../shared/rule.ts';
import { useApp, useMirrored } from '../app-context.ts';
import { Button } from '../components/button.tsx';
import { Empty } from '../components/empty.tsx';
import { Toolbar } from '../shell/toolbar.tsx';
import { RuleForm } from './rule-form.tsx';
import { RuleList } from './rule-list.tsx';
import { useRulePreview } from './use-rule-preview.ts';

const none: readonly Rule[] = [];
const blank: Rule = { match: {} };

/** Port rules: the first that matches decides. What a change would do is shown before it is saved. */
export function RulesView() {
  const { act } = useApp();
  const rules = useMirrored(({ state }) => state?.settings.rules ?? none);
  const [selected, setSelected] = useState(0);
  const [adding, setAdding] = useState(false);
  const preview = useRulePreview(rules);
  const save = async (next: readonly Rule[]): Promise<boolean> => act((api) => api.rules.replace({ rules: [...next] }));
  const index = Math.min(selected, rules.length - 1);
  const rule = adding ? blank : rules[index];
  const move = (by: number): void => {
    const next = [...rules];
    const [moved] = next.splice(index, 1);
    if (moved === undefined) return;
    next.splice(index + by, 0, moved);
    void save(next).then((done) => done && setSelected(index + by));
  };
  return (
    <>
      <Toolbar
        title="Rules"
        count={rules.length}
        aside={rules.length > 1 ? <span className="Second Small">the first that matches wins</span> : null}
      >
        <Button icon="plus" onClick={() => setAdding(true)} disabled={adding}>
          Add rule
        </Button>
      </Toolbar>
      {rule === undefined ? (
        <Empty title="Every port keeps its number" actions={<Button onClick={() => setAdding(true)}>Add rule</Button>}>
          Without a rule, a published port appears on localhost under the same number. A rule gives it another one, or
          leaves it out.
        </Empty>
      ) : (
        <div className="View-body is-padded is-scrolling RulesGrid">
          <RuleList
            rules={rules}
            preview={preview}
            selected={adding ? undefined : index}
            onSelect={(next) => {
              setAdding(false);
              setSelected(next);
            }}
          />
          <RuleForm
            key={adding ? 'new' : `${index} ${JSON.stringify(rule)}`}
            rule={rule}
            index={adding ? 0 : index}
            others={adding ? rules : rules.filter((_, i) => i !== index)}
            isNew={adding}
            onMove={move}
            onCancel={() => setAdding(false)}
            onSave={async (next) => {
              if (!(await save(next))) return;
              setAdding(false);
              if (adding) setSelected(0);
            }}
          />
        </div>
      )}
    </>
  );
}
