import { expect, test } from 'vitest';
import { countForwards, listItems, type ListItem, type ListQuery } from '../../../renderer/models/forward-list.ts';
import { appState, forwardView, hostView } from '../../engine/serve/fake-engine.ts';

const query: ListQuery = { text: '', segment: 'all', folded: new Set() };

const web = forwardView('web', 8080, { project: 'shop', service: 'web', image: 'nginx:1.27' });
const db = forwardView('db', 5432, { project: 'shop', state: 'conflict' });
const loose = forwardView('loose', 9000);
const byHand = forwardView('manual-1', 7000, { source: 'manual', container: 'tunnel' });
const leftOut = forwardView('exporter', 9100, { state: 'ignored' });

const shop = hostView('shop', { forwards: { web, byHand, loose, db, leftOut } });
const { hosts } = appState([shop, hostView('idle', { state: 'idle' }), hostView('bare')]);

function words(items: readonly ListItem[]): string[] {
  return items.map((item) => {
    if (item.kind === 'host') return `# ${item.host.id}${item.folded ? ' folded' : ''}`;
    if (item.kind === 'note') return `note of ${item.host.id}`;
    if (item.kind === 'group') return `${item.title} (${item.count})`;
    return item.kind === 'forward' ? `- ${item.forward.id}` : `${item.count} left out`;
  });
}

test('hosts come by name, their forwards by project, then the loose ones, then those made by hand', () => {
  expect(words(listItems(hosts, query))).toEqual([
    ...['# bare', 'note of bare', '# idle', '# shop'],
    ...['shop (2)', '- db', '- web', 'Other containers (1)', '- loose', 'By hand (1)', '- manual-1', '1 left out'],
  ]);
});

test('a change of state moves nothing', () => {
  const before = listItems(hosts, query).map(({ key }) => key);
  const after = {
    ...hosts,
    shop: { ...shop, forwards: { ...shop.forwards, db: { ...db, state: 'listening' as const } } },
  };
  expect(listItems(after, query).map(({ key }) => key)).toEqual(before);
});

test.each([
  ['a name', 'tunnel', ['# shop', 'By hand (1)', '- manual-1']],
  ['an image', 'NGINX', ['# shop', 'shop (1)', '- web']],
  ['a port', '5432', ['# shop', 'shop (1)', '- db']],
  ['several words', 'shop 8080', ['# shop', 'shop (1)', '- web']],
  ['nothing there', 'mongo', []],
])('the filter finds by %s, and hides hosts without a match', (_, text, expected) => {
  expect(words(listItems(hosts, { ...query, text }))).toEqual(expected);
});

test('what needs a look can be shown alone', () => {
  expect(words(listItems(hosts, { ...query, segment: 'look' }))).toEqual(['# shop', 'shop (1)', '- db']);
});

test('a folded host shows its header only, but a filter still looks into it', () => {
  const folded = { ...query, folded: new Set(['shop', 'bare']) };
  expect(words(listItems(hosts, folded))).toEqual(['# bare folded', '# idle', '# shop folded']);
  expect(words(listItems(hosts, { ...folded, text: 'loose' }))).toEqual(['# shop', 'Containers (1)', '- loose']);
});

test('what is left out by rules does not count as a forward', () => {
  expect(countForwards(hosts)).toEqual({ hosts: 3, all: 4, listening: 3, look: 1 });
});
