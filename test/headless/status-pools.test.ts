import { expect, test } from 'vitest';
import { poolLines } from '../../headless/status-pools.ts';
import { appState, hostView } from '../engine/serve/fake-engine.ts';

const options = { paint: { color: false, unicode: true }, width: 120, now: 312_000 };

test('each host tells what it holds, what is free and how old it is', () => {
  const busy = hostView('shop', {
    pool: {
      connections: { total: 1, inUse: 1, available: 0, since: [0] },
      sessions: { total: 3, inUse: 2, available: 1, since: [300_000, 308_000] },
    },
    sessions: { limit: 3, inUse: 2, waiting: 4, peak: 2, opened: 9, lastHour: 9 },
  });
  const away = hostView('lab', {
    pool: {
      connections: { total: 1, inUse: 0, available: 1, since: [] },
      sessions: { total: 2, inUse: 0, available: 2, since: [] },
    },
  });
  expect(poolLines(appState([busy, away]), options)).toEqual([
    'Pool    Connections                            Sessions',
    '  lab   0 of 1 in use, 1 free                  0 of 2 in use, 2 free',
    '  shop  1 of 1 in use, 0 free, for 5 min 12 s  2 of 3 in use, 1 free, oldest 12 s, 4 waiting',
  ]);
});

test('without hosts there is no pool, and no line is wider than the terminal', () => {
  expect(poolLines(appState(), options)).toEqual([]);
  const [, line] = poolLines(appState([hostView('shop')]), { ...options, width: 20 });
  expect(line?.length).toBeLessThanOrEqual(20);
});
