import fc from 'fast-check';
import { expect, test } from 'vitest';
import { trayModel } from '../../electron/tray-model.ts';
import type { AppState } from '../../shared/app-state.ts';
import { forwardStateSchema } from '../../shared/forward.ts';
import { connectionStateNameSchema, type HostView } from '../../shared/host.ts';
import { appState, forwardView, hostView } from '../engine/serve/fake-engine.ts';

function face(state: AppState) {
  const { menu, ...rest } = trayModel({ state, startAtLogin: undefined });
  const first = menu[0];
  return { ...rest, first: first !== undefined && 'label' in first ? first.label : undefined };
}

const on = hostView('shop', { forwards: { web: forwardView('web', 8080), db: forwardView('db', 5432) } });
const off = hostView('nas', { state: 'idle' });
const connecting = hostView('lab', { state: 'authenticating' });
const degraded = hostView('fra', { state: 'reconnecting', attempt: 2 });
const failed = hostView('ci', { state: 'failed', reason: { code: 'host-key-changed', message: '' } });
const asks = hostView('gpu', { state: 'needs-user', reason: { code: 'key-passphrase-needed', message: '' } });

test('where all is well the tray shows how many ports there are', () => {
  expect(face(appState([on, off]))).toEqual({
    icon: 'on',
    count: 2,
    title: '2',
    tooltip: 'Towline: 2 ports on localhost',
    first: '2 ports on localhost',
  });
});

test('without anything connected it is off, and says which of the two reasons', () => {
  expect(face(appState([off]))).toMatchObject({ icon: 'off', title: '', tooltip: 'Towline: Not connected' });
  expect(face(appState([]))).toMatchObject({ icon: 'off', tooltip: 'Towline: No hosts yet' });
});

test('the icon is that of the worst host, and the first line says which it is and why', () => {
  const steps: [HostView, string, string][] = [
    [on, 'on', '2 ports on localhost'],
    [connecting, 'connecting', 'lab: Authenticating'],
    [degraded, 'degraded', 'fra: Reconnecting, attempt 2'],
    [failed, 'error', 'ci: Host key changed'],
    [asks, 'needs-you', 'Needs you: gpu: Passphrase needed'],
  ];
  const hosts: HostView[] = [off];
  for (const [host, icon, first] of steps) {
    hosts.push(host);
    expect(face(appState(hosts))).toMatchObject({ icon, first });
  }
});

test('the tooltip names the worst first, and not more than a few', () => {
  const more = ['a', 'b', 'c'].map((id) => hostView(id, { state: 'connecting' }));
  expect(face(appState([on, ...more, degraded, failed])).tooltip.split('\n')).toEqual([
    'Towline: 2 ports on localhost',
    'ci: Host key changed',
    'fra: Reconnecting, attempt 2',
    'a: Connecting',
    'b: Connecting',
    'and 1 host more',
  ]);
});

test('a port that can not be had makes its host degraded, and is counted', () => {
  const api = forwardView('api', 3000, { state: 'conflict' });
  const host = hostView('shop', { forwards: { ...on.forwards, api } });
  expect(face(appState([host]))).toMatchObject({
    icon: 'degraded',
    count: 2,
    first: 'shop: Connected, 2 ports, 1 not open',
  });
});

test('ports that wait for the connection are still there, suspended ones are not', () => {
  const web = forwardView('web', 8080, { state: 'holding' });
  const db = forwardView('db', 5432, { state: 'suspended' });
  expect(face(appState([{ ...degraded, forwards: { web, db } }]))).toMatchObject({ count: 1, title: '1' });
});

test('a question of a host test needs somebody, though no host does', () => {
  const request = { kind: 'password', hostId: 'new', user: 'me', host: 'new', port: 22 } as const;
  const state = { ...appState([on]), questions: [{ id: 'q', request }] };
  expect(face(state)).toMatchObject({ icon: 'needs-you', first: 'Needs you: a host test asks' });
});

test('when all is paused it says so', () => {
  const host = hostView('shop', { paused: true, forwards: { web: forwardView('web', 8080, { state: 'paused' }) } });
  expect(face(appState([host]))).toMatchObject({ icon: 'on', count: 0, first: 'All paused' });
});

test('whatever the state of hosts and forwards, the tray says something, and only a forward that accepts counts', () => {
  const host = fc.record({
    state: fc.constantFrom(...connectionStateNameSchema.options),
    states: fc.array(fc.constantFrom(...forwardStateSchema.options), { maxLength: 5 }),
    paused: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(host, { maxLength: 4 }), (hosts) => {
      const state = appState(
        hosts.map(({ states, ...rest }, index) =>
          hostView(`h${index}`, {
            ...rest,
            forwards: Object.fromEntries(
              states.map((is, port) => [`f${port}`, forwardView(`f${port}`, 80 + port, { state: is })]),
            ),
          }),
        ),
      );
      const { first, tooltip, count } = face(state);
      expect(first).toMatch(/\S/);
      expect(tooltip).toMatch(/^Towline: \S/);
      const open = hosts
        .flatMap(({ states }) => states)
        .filter((is) => ['listening', 'lingering', 'holding'].includes(is));
      expect(count).toBe(open.length);
    }),
  );
});
