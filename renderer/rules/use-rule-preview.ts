import { useEffect, useState } from 'react';
import type { Rule } from '../../shared/rule.ts';
import type { RulePreview } from '../../shared/settings-view.ts';
import { useApp, useHosts } from '../app-context.ts';

const quietMs = 150;
const nothing: readonly RulePreview[] = [];

/** What these rules would make of the ports there are: asked once the typing rests, and anew when the ports change. */
export function useRulePreview(rules: readonly Rule[] | undefined): readonly RulePreview[] {
  const { mirror } = useApp();
  const [preview, setPreview] = useState(nothing);
  const asked = rules === undefined ? undefined : JSON.stringify(rules);
  const ports = Object.values(useHosts())
    .map(({ forwards }) => Object.keys(forwards).join())
    .join();
  useEffect(() => {
    if (asked === undefined) return;
    let wanted = true;
    const timer = setTimeout(() => {
      mirror.api.rules.preview({ rules: JSON.parse(asked) as Rule[] }).then(
        (rows) => wanted && setPreview(rows),
        () => undefined, // the last picture stays; saving would tell what is wrong
      );
    }, quietMs);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [mirror, asked, ports]);
  return preview;
}
