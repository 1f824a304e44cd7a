import { expect, test } from 'vitest';
import { logSubjects } from '../../../renderer/models/log-subjects.ts';
import { openPorts, popoverForwards } from '../../../renderer/models/popover-hosts.ts';
import { forwardView, hostView } from '../../engine/serve/fake-engine.ts';

const many = Array.from({ length: 15 }, (_, i) => forwardView(`app-${String(i).padStart(2, '0')}`, 20_000 + i));

test('the popover names a dozen forwards of a host, and counts the others', () => {
  const host = hostView('shop', { forwards: Object.fromEntries(many.map((one) => [one.id, one])) });
  const { shown, more } = popoverForwards(host);
  expect([shown.length, shown[0]?.id, more]).toEqual([12, 'app-00', 3]);
  const paused = forwardView('web', 80, { state: 'paused' });
  expect(openPorts({ shop: host, other: hostView('other', { forwards: { web: paused } }) })).toBe(15);
});

test('a log may be that of a project, of its containers, or of a container without one', () => {
  const forwards = {
    web: forwardView('web', 80, { container: 'shop-web-1', service: 'web', project: 'shop' }),
    web2: forwardView('web2', 81, { container: 'shop-web-1', service: 'web', project: 'shop' }),
    solo: forwardView('solo', 82, { container: 'solo' }),
  };
  expect(logSubjects(hostView('shop', { forwards })).map(({ label, name }) => [label, name])).toEqual([
    ['shop, 1 container', 'shop'],
    ['web', 'shop-web-1'],
    ['solo', 'solo'],
  ]);
});
