import { expect, test } from 'vitest';
import { lookForNotices, noMemory, type Notice } from '../../electron/notification-model.ts';
import type { AppState } from '../../shared/app-state.ts';
import type { ForwardView } from '../../shared/forward.ts';
import type { HostView } from '../../shared/host.ts';
import { defaultSettings } from '../../shared/settings.ts';
import type { LastDeployment } from '../../shared/stack-view.ts';
import { appState, forwardView, hostView } from '../engine/serve/fake-engine.ts';

const s = 1_000;

/** Looks at states one after another, and tells as lines what is told at which second. */
function watcher() {
  let memory = noMemory;
  let resumedAt: number | undefined;
  let now = 0;
  const look = (state: AppState, watched = false): { notices: readonly Notice[]; again: number | undefined } => {
    const looked = lookForNotices(memory, { state, now, watched, resumedAt });
    memory = looked.memory;
    return { notices: looked.notices, again: looked.lookAgainAt };
  };
  return {
    resume: () => (resumedAt = now),
    /** Lets the state last for so long, looking when it is asked for. */
    during: (seconds: number, state: AppState, watched = false): string[] => {
      const until = now + seconds * s;
      const told: string[] = [];
      for (;;) {
        const { notices, again } = look(state, watched);
        for (const { title, body } of notices) told.push(`${now / s} ${title} | ${body.replaceAll('\n', ' / ')}`);
        if (again === undefined || again > until) break;
        now = again;
      }
      now = until;
      return told;
    },
  };
}

function withForwards(...all: ForwardView[]): HostView {
  return hostView('shop', { forwards: Object.fromEntries(all.map((forward) => [forward.id, forward])) });
}

const web = forwardView('web', 8080);
const reason = { code: 'port-in-use', message: '5432 is used here by postgres, pid 812.' };
const db = forwardView('db', 15432, { requestedPort: 5432, reason });
const up = appState([withForwards(web)]);
const down = appState([hostView('shop', { state: 'reconnecting', attempt: 1 })]);

function taken(name: string, port: number): ForwardView {
  return forwardView(name, port, { state: 'conflict', reason: { code: 'port-in-use', message: `${port} is taken.` } });
}

test('a calm state has nothing to tell, and asks for no other look', () => {
  expect(lookForNotices(noMemory, { state: up, now: 0, watched: false })).toMatchObject({
    notices: [],
    lookAgainAt: undefined,
  });
});

test('a remapped port is told once, with the address that is true and the reason', () => {
  const { during } = watcher();
  during(5, up);
  expect(during(5, appState([withForwards(web, db)]))).toEqual([
    '6.5 db is on localhost:15432 | 5432 is used here by postgres, pid 812.',
  ]);
  expect(during(60, up)).toEqual([]);
  expect(during(60, appState([withForwards(web, db)]))).toEqual([]);
});

test('a port that is taken only for a moment is not told', () => {
  const { during } = watcher();
  during(5, up);
  expect([...during(1, appState([withForwards(web, taken('api', 3000))])), ...during(30, up)]).toEqual([]);
});

test('ports that are missing together are one notice, and what follows within seconds waits for the next', () => {
  const { during } = watcher();
  const many = [1, 2, 3, 4, 5].map((number) => taken(`api-${number}`, 3000 + number));
  expect(during(5, appState([withForwards(...many)]))).toEqual([
    "1.5 5 ports can't be had | api-1 3001 / api-2 3002 / api-3 3003 / api-4 3004 / and 1 more",
  ]);
  expect(during(60, appState([withForwards(...many, taken('late', 4000))]))).toEqual([
    "21.5 late can't have port 4000 | 4000 is taken.",
  ]);
});

test('a port that is taken and free by turns is told of once in ten minutes', () => {
  const { during } = watcher();
  const told = Array.from({ length: 12 }, () => [
    ...during(30, appState([withForwards(taken('api', 3000))])),
    ...during(30, up),
  ]).flat();
  expect(told).toEqual([
    "1.5 api can't have port 3000 | 3000 is taken.",
    "661.5 api can't have port 3000 | 3000 is taken.",
  ]);
});

test('a connection that is back within ten seconds was never gone', () => {
  const { during } = watcher();
  expect([...during(5, up), ...during(9, down), ...during(60, up)]).toEqual([]);
});

test('a connection that stays away is told of after ten seconds, and its return too', () => {
  const { during } = watcher();
  during(5, up);
  expect(during(60, down)).toEqual(['15 shop is not reachable | Its ports wait, and are back with the connection.']);
  expect(during(60, up)).toEqual(['66 shop is back | 1 port on localhost again.']);
});

test('a host that was never there, or was disconnected by choice, is not lost', () => {
  const { during } = watcher();
  expect(during(60, down)).toEqual([]);
  during(5, up);
  expect(during(60, appState([hostView('shop', { state: 'idle' })]))).toEqual([]);
  expect(during(60, down)).toEqual([]);
});

test('nothing is an error in the ten seconds after the machine wakes up, and what still is one then is told', () => {
  const { during, resume } = watcher();
  during(5, up);
  expect(during(8, down)).toEqual([]);
  resume();
  expect(during(9, appState([{ ...withForwards(taken('api', 3000)), state: 'reconnecting' }]))).toEqual([]);
  expect(during(5, down)).toEqual(['23 shop is not reachable | Its ports wait, and are back with the connection.']);
});

test('a host that needs an answer is told of in the words of its question', () => {
  const { during } = watcher();
  const request = { kind: 'passphrase', hostId: 'gpu', keyFile: 'id', wrongBefore: false } as const;
  const asks = hostView('gpu', { state: 'needs-user', prompt: { id: 'p', request } });
  const changed = hostView('ci', {
    state: 'failed',
    reason: { code: 'host-key-changed', message: 'ci shows another key.' },
  });
  expect(during(5, appState([asks]))).toEqual(['1 gpu: Passphrase needed | Towline waits for your answer.']);
  expect(during(60, appState([asks, changed]))).toEqual(['21 ci: Host key changed | ci shows another key.']);
});

test('three hosts that go together are one notice, which leads to the list', () => {
  const hosts = ['a', 'b', 'c'].map((id) => hostView(id));
  const before = lookForNotices(noMemory, { state: appState(hosts), now: 0, watched: false });
  const lost = appState(hosts.map((host) => ({ ...host, state: 'reconnecting' })));
  const first = lookForNotices(before.memory, { state: lost, now: s, watched: false });
  expect(first).toMatchObject({ notices: [], lookAgainAt: 11 * s });
  expect(lookForNotices(first.memory, { state: lost, now: 11 * s, watched: false }).notices).toEqual([
    {
      kind: 'lost',
      title: '3 hosts are not reachable',
      body: 'a\nb\nc',
      action: { kind: 'show', route: '#/forwards' },
    },
  ]);
});

test('a click on a notice of one host leads to it', () => {
  const failed = hostView('a b', { state: 'failed', reason });
  const first = lookForNotices(noMemory, { state: appState([failed]), now: 0, watched: false });
  const { notices } = lookForNotices(first.memory, { state: appState([failed]), now: s, watched: false });
  expect(notices.map(({ action }) => action)).toEqual([{ kind: 'show', route: '#/hosts/a%20b' }]);
});

const last: LastDeployment = {
  ...{ id: 'd1', action: 'deploy', at: 1, outcome: 'succeeded', release: 'new', stage: 'committing' },
  ...{ gates: [], bytesSent: 0, durationMs: 1 },
};

function deployed(lastDeployment: LastDeployment): AppState {
  const status = { kind: 'idle' } as const;
  const stack = { name: 'shop', hostId: 'build-01', dir: '/src', project: 'shop', status, lastDeployment };
  return appState([], { stacks: { shop: stack } });
}

test('a deployment is told of when it ends, with what runs now; one that was cancelled is not', () => {
  const { during } = watcher();
  const failure = { code: 'deploy-gate-failed', message: 'api was not healthy after 60 s.' };
  during(5, appState([]));
  expect(during(30, deployed(last))).toEqual(['6 shop is deployed | It runs on build-01.']);
  expect(during(30, deployed({ ...last, at: 2, outcome: 'failed', release: 'old', failure }))).toEqual([
    '36 shop was not deployed | api was not healthy after 60 s. The release before runs.',
  ]);
  expect(during(30, deployed({ ...last, at: 3, outcome: 'cancelled' }))).toEqual([]);
});

test('a deployment of before the app began to look is not news', () => {
  expect(watcher().during(60, deployed(last))).toEqual([]);
});

test('each kind can be muted, and is not told later when it is wanted again', () => {
  const all = { ports: true, needsYou: true, connection: true, deployments: true, warnings: true };
  const trouble = [
    withForwards(taken('api', 3000)),
    hostView('ci', { state: 'failed', reason: { code: 'x', message: 'y' } }),
    hostView('fra', { state: 'reconnecting' }),
  ];
  const begin = appState(['shop', 'ci', 'fra'].map((id) => hostView(id)));
  const stacks = deployed(last).stacks;
  for (const [muted, silent] of Object.entries({
    ports: /3000/,
    needsYou: /ci:/,
    connection: /fra/,
    deployments: /deployed/,
  })) {
    const { during } = watcher();
    during(1, begin);
    const notifications = { ...all, [muted]: false };
    const settings = { ...begin.settings, notifications };
    const told = during(60, { ...appState(trouble, { stacks }), settings });
    expect(told).toHaveLength(3);
    expect(told.join()).not.toMatch(silent);
    expect(during(60, appState(trouble, { stacks }))).toEqual([]);
  }
  expect(defaultSettings.notifications).toEqual(all);
});

test('who has the window in front of him is told nothing, then or later', () => {
  const { during } = watcher();
  const trouble = appState([withForwards(taken('api', 3000), db)]);
  during(5, up);
  expect([...during(5, trouble, true), ...during(60, trouble)]).toEqual([]);
});

test('however often a connection comes and goes, a kind is told at most every twenty seconds', () => {
  const { during } = watcher();
  during(5, up);
  const told = Array.from({ length: 20 }, () => [...during(11, down), ...during(2, up)]).flat();
  const moments = told.filter((line) => line.includes('not reachable')).map((line) => Number(line.split(' ')[0]));
  expect(moments.length).toBeGreaterThan(5);
  expect(Math.min(...moments.slice(1).map((moment, index) => moment - (moments[index] ?? 0)))).toBeGreaterThanOrEqual(
    20,
  );
});

test('a warning is told with what to do, and again when it is announced anew', () => {
  const { during } = watcher();
  const warned = (announcedAt: number): AppState => ({
    ...up,
    alerts: {
      a: {
        ...{ id: 'a', code: 'forward-unreachable', hostId: 'shop', since: 1, announcedAt },
        ...{ message: 'web leads nowhere.', hint: 'Nothing listens on 8080 in its container.' },
      },
    },
  });
  during(5, up);
  expect(during(60, warned(1))).toEqual(['6 web leads nowhere. | Nothing listens on 8080 in its container.']);
  expect(during(60, warned(2))).toHaveLength(1);
});
