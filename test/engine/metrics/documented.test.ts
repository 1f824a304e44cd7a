import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { Metrics } from '../../../engine/metrics/metrics.ts';
import { StateStore } from '../../../engine/state-store.ts';
import { alertCodeSchema, alertThresholdsSchema } from '../../../shared/alert.ts';
import { appState } from '../serve/fake-engine.ts';
import { TestClock } from '../../support/test-clock.ts';
import { testWith } from '../../support/test-with.ts';

const root = new URL('../../../', import.meta.url).pathname;
const observability = `${root}build/observability/`;
const read = (file: string): Promise<string> => readFile(file, 'utf8');

async function measured(): Promise<{ name: string; type: string }[]> {
  const clock = new TestClock();
  const store = new StateStore(appState(), clock);
  const metrics = new Metrics({ store, onDidHappen: () => ({ dispose: () => undefined }), clock });
  const families = metrics.families().map(({ name, type }) => ({ name, type }));
  await metrics.dispose();
  return families;
}

test('the documentation’s table has every metric with its type, and no other', async () => {
  const rows = (await read(`${root}docs/metrics.md`)).matchAll(/^\| `(\w+)` \| (gauge|counter|histogram) \|/gm);
  expect([...rows].map(([, name, type]) => ({ name, type }))).toEqual(await measured());
});

test('the documentation tells of every warning, and of the thresholds as they are', async () => {
  const text = await read(`${root}docs/metrics.md`);
  for (const code of alertCodeSchema.options) expect(text).toContain(`\`${code}\``);
  const shown: unknown = JSON.parse(`{${/^"alerts": [^}]*}/m.exec(text)?.[0] ?? ''}}`);
  expect(shown).toEqual({ alerts: alertThresholdsSchema.parse({}) });
});

test.each(['towline-dashboard.json', 'towline-alerts.yml'])(
  '%s asks for nothing that is not measured',
  async (file) => {
    const names = new Set((await measured()).map(({ name }) => name));
    const asked = (await read(observability + file)).matchAll(/\b(?:towline|process|nodejs)_[a-z_]+/g);
    const strange = [...asked]
      .map(([name]) => name)
      .filter((name) => !names.has(name) && !names.has(name.replace(/_(bucket|sum|count)$/, '')));
    expect(strange).toEqual([]);
  },
);

test('no two panels of the dashboard lie on each other, and each asks the chosen source', async () => {
  const { panels } = JSON.parse(await read(`${observability}towline-dashboard.json`)) as {
    panels: { gridPos: { x: number; y: number; w: number; h: number }; datasource?: { uid: string }; type: string }[];
  };
  const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)} ${y + Math.floor(cell / w)}`),
  );
  expect(new Set(cells).size).toBe(cells.length);
  const asking = panels.filter(({ type }) => type !== 'row');
  expect(asking.map(({ datasource }) => datasource?.uid)).toEqual(asking.map(() => '${datasource}'));
});

testWith('promtool')('the alert rules are rules, and warn when they should', () => {
  for (const args of [
    ['check', 'rules', 'towline-alerts.yml'],
    ['test', 'rules', 'towline-alerts.test.yml'],
  ]) {
    const { status, stdout, stderr } = spawnSync('promtool', args, { cwd: observability, encoding: 'utf8' });
    expect([status, stdout + stderr]).toEqual([0, expect.stringContaining('SUCCESS')]);
  }
});
