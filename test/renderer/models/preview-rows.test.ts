import { expect, test } from 'vitest';
import { previewRows } from '../../../renderer/models/preview-rows.ts';
import type { RulePreview } from '../../../shared/settings-view.ts';
import { appState, forwardView, hostView } from '../../engine/serve/fake-engine.ts';

const remapped = forwardView('db', 5432, {
  active: 2,
  local: { address: '127.0.0.1', port: 15432, addresses: ['127.0.0.1'] },
});
const { hosts } = appState([
  hostView('shop', { forwards: { db: remapped, web: forwardView('web', 8080, { active: 1 }) } }),
]);
const row = (forwardId: string, more: Partial<RulePreview>): RulePreview => ({
  ...{ hostId: 'shop', forwardId, container: forwardId, localPort: 8080, becomes: 'open' },
  ...more,
});

test('only what the rule speaks of is shown: what moves, what stays, and what an earlier rule decides', () => {
  const alone = [row('db', { rule: 0 }), row('web', { rule: 0 })];
  const shown = (all: RulePreview[]) =>
    previewRows(hosts, 1, all, alone).map(
      ({ name, where, now, then, ends }) => `${name}, ${where}: ${now} → ${then}, ${ends} end`,
    );
  expect(shown([row('db', { rule: 1, localPort: 15432 }), row('web', { rule: 1, localPort: 80 })])).toEqual([
    'db, shop: 15432 → stays, 0 end',
    'web, shop: 8080 → 80, 1 end',
  ]);
  expect(shown([row('db', { rule: 0, localPort: 5432 }), row('web', { rule: 1, becomes: 'ignored' })])).toEqual([
    'web, shop: 8080 → left out, 1 end',
    'db, shop, rule 1 comes first: 15432 → not this rule, 0 end',
  ]);
});
