import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import { systemClock } from '../../../engine/base/clock.ts';
import { DisposableStore } from '../../../engine/base/disposables.ts';
import { silentLogger } from '../../../engine/base/logger.ts';
import { Metrics } from '../../../engine/metrics/metrics.ts';
import { scrapeToken } from '../../../engine/serve/scrape-token.ts';
import { openWebDoor } from '../../../engine/serve/web-door.ts';
import { testWith } from '../../support/test-with.ts';
import { waitFor } from '../../support/wait-for.ts';
import { FakeEngine, appState, forwardView, hostView } from './fake-engine.ts';

const rules = new URL('../../../build/observability/towline-alerts.yml', import.meta.url).pathname;

let owned: DisposableStore;
let folder: string;
beforeEach(async () => {
  owned = new DisposableStore();
  folder = await mkdtemp(join(tmpdir(), 'tl-prom-'));
  owned.defer(() => rm(folder, { recursive: true }));
});
afterEach(() => owned.dispose());

/** A Prometheus with this configuration; resolves with its address once it listens. */
async function prometheus(config: object): Promise<string> {
  const file = join(folder, 'prometheus.yml');
  await writeFile(file, JSON.stringify(config)); // JSON is YAML
  const data = `--storage.tsdb.path=${join(folder, 'data')}`;
  const child = spawn('prometheus', [`--config.file=${file}`, data, '--web.listen-address=127.0.0.1:0']);
  const ended = new Promise((resolve) => child.once('close', resolve));
  owned.defer(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  let log = '';
  child.stdout.resume();
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  const address = (): string | undefined => /msg="Listening on" address=(127\.0\.0\.1:\d+)/.exec(log)?.[1];
  return waitFor(address, { what: `Prometheus to listen: ${log}`, timeoutMs: 30_000 });
}

async function ask<T>(address: string, path: string): Promise<T> {
  const answer = await fetch(`http://${address}/api/v1/${path}`, { headers: { connection: 'close' } });
  return ((await answer.json()) as { data: T }).data;
}

testWith('prometheus')(
  'a real Prometheus scrapes the door for a minute with the token’s file, and the rules hold their peace',
  async () => {
    const engine = new FakeEngine(
      appState([hostView('shop', { forwards: { web: forwardView('web', 8080, { total: 7 }) } })]),
    );
    const { store, timeline } = engine;
    owned.add(timeline);
    const metrics = owned.add(new Metrics({ store, onDidHappen: timeline.onDidAdd, clock: systemClock }));
    engine.metrics.text = () => metrics.text();
    const tokenFile = join(folder, 'scrape-token');
    const door = owned.add(
      await openWebDoor({
        ...{ commands: engine, log: silentLogger, port: 0, pages: folder },
        scrapeToken: await scrapeToken(tokenFile),
      }),
    );
    const address = await prometheus({
      global: { scrape_interval: '1s', evaluation_interval: '200ms' },
      rule_files: [rules],
      scrape_configs: [
        {
          job_name: 'towline',
          authorization: { credentials_file: tokenFile },
          static_configs: [{ targets: [`127.0.0.1:${door.port}`] }],
        },
      ],
    });
    const value = async (query: string): Promise<number | undefined> => {
      const { result } = await ask<{ result: { value: [number, string] }[] }>(
        address,
        `query?query=${encodeURIComponent(query)}`,
      );
      return result[0] === undefined ? undefined : Number(result[0].value[1]);
    };
    const scrapes = 'count_over_time(towline_info[1h])';
    await waitFor(async () => ((await value(scrapes)) ?? 0) >= 60, { what: 'sixty scrapes', timeoutMs: 180_000 });
    expect(await value('towline_forward_connections_accepted_total{container="web"}')).toBe(7);
    const evaluated = async () => {
      const { groups } = await ask<{ groups: { rules: { name: string; health: string; state: string }[] }[] }>(
        address,
        'rules',
      );
      const all = groups.flatMap((group) => group.rules);
      return all.every(({ health }) => health !== 'unknown') && all;
    };
    const judged = await waitFor(evaluated, { what: 'the rules to be evaluated', timeoutMs: 30_000 });
    expect(judged.length).toBeGreaterThan(10);
    expect(judged.filter(({ health, state }) => health !== 'ok' || state === 'firing')).toEqual([]);
  },
  300_000,
);
