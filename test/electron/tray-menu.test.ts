import { expect, test } from 'vitest';
import { trayModel } from '../../electron/tray-model.ts';
import type { AppState } from '../../shared/app-state.ts';
import type { ForwardView } from '../../shared/forward.ts';
import type { StackStatus, StackView } from '../../shared/stack-view.ts';
import { parseRoute } from '../../renderer/route.ts';
import { appState, forwardView, hostView } from '../engine/serve/fake-engine.ts';
import { actionOf, allItems, menuText } from './menu-text.ts';

const web = forwardView('shop/web:8080/tcp', 8080, { service: 'web', project: 'shop' });
const db = forwardView('shop/db:5432/tcp', 15432, {
  ...{ service: 'db', project: 'shop', requestedPort: 5432, remote: { address: '127.0.0.1', port: 5432 } },
});

function forwards(...all: ForwardView[]): { forwards: Record<string, ForwardView> } {
  return { forwards: Object.fromEntries(all.map((forward) => [forward.id, forward])) };
}

function menuOf(state: AppState, startAtLogin?: boolean) {
  return trayModel({ state, startAtLogin }).menu;
}

function stack(name: string, status: StackStatus = { kind: 'idle' }): StackView {
  return { name, hostId: 'shop', dir: `/src/${name}`, project: name, status };
}

test('one host has its forwards in the menu itself, each with what can be done with it', () => {
  const state = appState([hostView('shop', forwards(web, db))]);
  expect(menuText(menuOf(state, true))).toBe(`(2 ports on localhost)
---
shop: Connected, 2 ports >
  Pause its ports
  Reconnect now
  Disconnect
  Show in Towline
db :15432 (was 5432) >
  Copy address
  Copy postgres command
  Pause
  Show in Towline
web :8080 >
  Open
  Copy address
  Pause
  Show in Towline
---
Pause all
(Resume all)
(Reconnect now)
---
Logs
Open Towline
[x] Start at login
---
Quit Towline`);
});

test('several hosts have their forwards in menus of their own, and say in words how they are', () => {
  const reason = { code: 'host-unreachable', message: 'fra does not answer on 203.0.113.7:22.' };
  const state = appState([
    hostView('shop', forwards(web)),
    hostView('fra', { state: 'reconnecting', attempt: 3, reason, ...forwards({ ...db, state: 'holding' }) }),
    hostView('nas', { state: 'idle' }),
  ]);
  const text = menuText(menuOf(state));
  expect(text.slice(0, text.indexOf('Pause all'))).toBe(`(fra: Reconnecting, attempt 3)
---
fra: Reconnecting, attempt 3 >
  (fra does not answer on 203.0.113.7:22.)
  ---
  db :15432, Waiting for the line >
    Copy address
    Copy postgres command
    Pause
    Show in Towline
  ---
  Pause its ports
  Reconnect now
  Disconnect
  Show in Towline
nas: Not connected >
  Connect
  Show in Towline
shop: Connected, 1 port >
  web :8080 >
    Open
    Copy address
    Pause
    Show in Towline
  ---
  Pause its ports
  Reconnect now
  Disconnect
  Show in Towline
---
`);
});

test('a click is plain data: what to open, to copy, to pause', () => {
  const menu = menuOf(appState([hostView('shop', forwards(web, db))]), false);
  expect(actionOf(menu, 'open:shop/shop/web:8080/tcp')).toEqual({ kind: 'open-url', url: 'http://localhost:8080' });
  expect(actionOf(menu, 'copy:shop/shop/db:5432/tcp')).toEqual({ kind: 'copy', text: 'localhost:15432' });
  expect(actionOf(menu, 'pause:shop/shop/web:8080/tcp')).toEqual({
    ...{ kind: 'pause', hostId: 'shop', forwardId: 'shop/web:8080/tcp' },
  });
  expect(actionOf(menu, 'pause-all')).toEqual({ kind: 'pause' });
  expect(actionOf(menu, 'start-at-login')).toEqual({ kind: 'start-at-login', on: true });
});

test('what is paused can be resumed, and what is not open has no address to copy', () => {
  const taken = { code: 'port-in-use', message: '3000 is used here by node, pid 48213.' };
  const state = appState([
    hostView('shop', {
      ...forwards(
        { ...web, state: 'paused' },
        forwardView('api', 3000, { state: 'conflict', reason: taken }),
        forwardView('dns', 53, { state: 'unsupported', protocol: 'udp' }),
        forwardView('left-out', 1, { state: 'ignored' }),
      ),
    }),
  ]);
  const text = menuText(menuOf(state));
  expect(text.slice(text.indexOf('api'), text.indexOf('Pause all'))).toBe(`api :3000, Port taken >
  (3000 is used here by node, pid 48213.)
  Pause
  Show in Towline
dns :53, Not carried >
  Show in Towline
web :8080, Paused >
  Resume
  Show in Towline
---
`);
  expect(text).toContain('\nResume all\n');
});

test('two projects with a service of one name are told apart', () => {
  const other = forwardView('blog/web:8081/tcp', 8081, { service: 'web', project: 'blog' });
  expect(menuText(menuOf(appState([hostView('shop', forwards(web, other))])))).toMatch(
    /\nblog\/web :8081 >\n[^]*\nshop\/web :8080 >\n/,
  );
});

test('a stack is deployed by a click, and tells how far it is while it is at work', () => {
  const at = { action: 'deploy', since: 0, run: 'r1' } as const;
  const failure = { code: 'deploy-gate-failed', message: 'api was not healthy' };
  const state: AppState = {
    ...appState([hostView('shop')]),
    stacks: {
      shop: stack('shop', { kind: 'running', stage: 'uploading', percent: 58, ...at }),
      blog: stack('blog', { kind: 'rolled-back', at: 0, failure }),
      wiki: stack('wiki'),
    },
  };
  const menu = menuOf(state);
  const text = menuText(menu);
  expect(text.slice(text.indexOf('Deploy,'), text.indexOf('Pause all'))).toBe(`Deploy, shop: Uploading, 58 % >
  blog: Failed, went back
  shop: Uploading, 58 % >
    Show progress
    Cancel
  wiki
  ---
  (Deploy all)
  Show stacks
`);
  expect(actionOf(menu, 'deploy:wiki')).toEqual({ kind: 'deploy', stacks: ['wiki'] });
  expect(actionOf(menu, 'cancel-deploy:shop')).toEqual({ kind: 'cancel-deploy', run: 'r1' });
});

test('without hosts the menu offers to add one', () => {
  expect(menuText(menuOf(appState([])))).toBe(`(No hosts yet)
---
Add a host…
---
Logs
Open Towline
---
Quit Towline`);
});

test('every place that the menu leads to is one that the window knows', () => {
  const state = { ...appState([hostView('shop', forwards(web))]), stacks: { shop: stack('shop') } };
  const places = [...allItems(menuOf(state)), ...allItems(menuOf(appState([])))].flatMap((item) =>
    'action' in item && item.action.kind === 'show' ? [item.action.route] : [],
  );
  expect([...new Set(places)].map((place) => parseRoute(place))).toEqual([
    { view: 'host', hostId: 'shop' },
    { view: 'forwards' },
    { view: 'stacks' },
    { view: 'add-host' },
  ]);
});

test('however much there is, the menu stays one that a desktop can carry, and says what it leaves out', () => {
  const many = (id: string, count: number) =>
    hostView(id, forwards(...Array.from({ length: count }, (_, port) => forwardView(`c${port}`, port + 1000))));
  const one = menuOf(appState([many('shop', 500)]));
  expect(menuText(one)).toContain('\n480 more ports…\n');
  expect(one.filter((item) => item.kind === 'menu' && item.id.startsWith('forward:'))).toHaveLength(20);

  const fleet = menuOf(appState(Array.from({ length: 230 }, (_, number) => many(`host-${number}`, 30))));
  expect(menuText(fleet)).toContain('\n30 more hosts…\n');
  expect(allItems(fleet).filter(({ id }) => id.startsWith('forward:'))).toHaveLength(400);
});

test('ids are unique, and the same for the same thing whatever its state', () => {
  const ids = (state: AppState) => allItems(menuOf(state, true)).map(({ id }) => id);
  const two = appState([hostView('a', forwards(web, db)), hostView('b', forwards(web, db))]);
  expect(new Set(ids(two)).size).toBe(ids(two).length);
  const holding = appState([
    hostView('a', forwards({ ...web, state: 'holding' }, db)),
    hostView('b', forwards(web, db)),
  ]);
  expect(ids(holding)).toEqual(ids(two));
});

test('a name that somebody else chose can neither break a line nor set a mnemonic', () => {
  const nasty = forwardView('x', 81, { container: `R&D\n\u202eevil\u0007 ${'long '.repeat(40)}` });
  const item = allItems(menuOf(appState([hostView('shop', forwards(nasty))]))).find(
    ({ id }) => id === 'forward:shop/x',
  );
  expect(item?.label).toMatch(/^R&&D evil long long .*…$/);
  expect(item?.label).toHaveLength(72 + 1);
});
