/// <reference lib="dom" />
import { chromium, type Page } from '@playwright/test';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { DisposableStore } from '../engine/base/disposables.ts';
import { silentLogger } from '../engine/base/logger.ts';
import { openWebDoor } from '../engine/serve/web-door.ts';
import type { ForwardView } from '../shared/forward.ts';
import type { HostView } from '../shared/host.ts';
import { appState, FakeEngine, forwardView, hostView } from '../test/engine/serve/fake-engine.ts';
import { percentile, reached, towline, type Figure } from './figure.ts';
import { logLines, measureLogWindow } from './log-window.ts';
import { table } from './table.ts';

const forwardCount = 500;
const hostCount = 200;
const busyHost = 'host-000';
const updateMs = 250;
const measureMs = 10_000;

/**
 * `node bench/ui.ts`: the app in Chromium, before an engine of 500 forwards and 200 hosts of which every forward changes
 * four times a second; then a log of 200,000 lines. Needs the build (`npm run build`) and a Chromium (`TOWLINE_CHROMIUM`, else /usr/bin/chromium).
 */
const owned = new DisposableStore();
try {
  const engine = new FakeEngine(appState(hosts()));
  const door = owned.add(await openWebDoor({ commands: engine, log: silentLogger, port: 0 }));
  const browser = await chromium.launch({
    executablePath: process.env['TOWLINE_CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });
  owned.defer(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 1080, height: 720 } });
  await page.goto(door.url); // the token becomes a cookie
  const figures: Figure[] = [
    single('renderer, gzip', 'kB', [await bundleKb()], 250),
    single(`first paint with ${forwardCount} forwards`, 'ms', await paints(page), 600),
    single('frame, 95th percentile, resting', 'ms', [await frames(page, engine, false)], 50),
    single('frame, 95th percentile, scrolling', 'ms', [await frames(page, engine, true)], 50),
    single('change in the engine to DOM, 95th percentile', 'ms', [await changes(page, engine)], 150),
  ];
  const log = await measureLogWindow(page, engine, busyHost);
  figures.push(
    single(`log window: search over ${logLines} lines`, 'ms', log.searches, 200),
    single('log window: page busy while they come, longest', 'ms', [log.blockedWhileReading], 100),
    single('log window: page busy while searching, longest', 'ms', [log.blockedWhileSearching], 50),
    single(`log window: heap with ${logLines} lines`, 'MB', [log.heapMb], 250),
  );
  process.stdout.write(`${table(figures)}\n`);
  if (!figures.every(reached)) process.exitCode = 1;
} finally {
  await owned.dispose();
}

function single(what: string, unit: string, samples: readonly number[], limit: number): Figure {
  return { what, unit, samples: { [towline]: samples }, goal: { kind: 'at-most', limit } };
}

function hosts(): HostView[] {
  const forwards = Array.from({ length: forwardCount }, (_, i) =>
    forwardView(`app-${i}`, 20_000 + i, { project: `project-${i % 12}`, image: 'acme/app:1', active: i % 5 }),
  );
  return Array.from({ length: hostCount }, (_, i) => {
    const id = `host-${String(i).padStart(3, '0')}`;
    const own = i === 0 ? forwards : [];
    return hostView(id, { forwards: Object.fromEntries(own.map((forward) => [forward.id, forward])) });
  });
}

async function bundleKb(): Promise<number> {
  const folder = join(import.meta.dirname, '..', 'dist', 'renderer');
  const files = await readdir(folder);
  const sizes = await Promise.all(files.map(async (file) => gzipSync(await readFile(join(folder, file))).length));
  return sizes.reduce((total, size) => total + size, 0) / 1000;
}

/** From navigation to the first frame that shows a forward. */
async function paints(page: Page): Promise<number[]> {
  const samples: number[] = [];
  for (let i = 0; i < 5; i += 1) {
    await page.reload({ waitUntil: 'commit' });
    samples.push(
      await page.evaluate(
        () =>
          new Promise<number>((resolve) => {
            const look = (): void => {
              if (document.querySelector('.ForwardRow') === null) requestAnimationFrame(look);
              else requestAnimationFrame(() => resolve(performance.now()));
            };
            look();
          }),
      ),
    );
  }
  return samples;
}

/** Between frames, while all forwards change; scrolling from end to end meanwhile, or at rest. */
async function frames(page: Page, engine: FakeEngine, scrolling: boolean): Promise<number> {
  const gaps = page.evaluate(
    ([forMs, scroll]) =>
      new Promise<number[]>((resolve) => {
        const found: number[] = [];
        const list = document.querySelector('.View-body');
        const began = performance.now();
        let last = began;
        const step = (now: number): void => {
          found.push(now - last);
          last = now;
          if (scroll && list !== null) list.scrollTop = ((now - began) * 2) % (list.scrollHeight - list.clientHeight);
          if (now - began < forMs) requestAnimationFrame(step);
          else resolve(found.slice(1));
        };
        requestAnimationFrame(step);
      }),
    [measureMs, scrolling] as const,
  );
  let running = true;
  const updating = (async () => {
    for (let round = 1; running; round += 1) {
      everyForward(engine, (forward) => ({
        ...forward,
        bytesDown: forward.bytesDown + 1000 * (round % 7),
        active: round % 9,
      }));
      await sleep(updateMs);
    }
  })();
  const all = await gaps;
  running = false;
  await updating;
  return percentile(all, 95);
}

function everyForward(engine: FakeEngine, change: (forward: ForwardView) => ForwardView): void {
  engine.store.updateHost(busyHost, (host) => ({
    ...host,
    forwards: Object.fromEntries(Object.entries(host.forwards).map(([id, forward]) => [id, change(forward)])),
  }));
}

/** One forward changes its state; both sides read the same clock. */
async function changes(page: Page, engine: FakeEngine): Promise<number> {
  await page.evaluate(() => document.querySelector('.View-body')?.scrollTo(0, 0));
  await page.locator('[data-key$=" app-0"]').waitFor();
  const samples: number[] = [];
  for (let i = 0; i < 60; i += 1) {
    const state = i % 2 === 0 ? 'paused' : 'listening';
    const seen = page.evaluate(
      (look) =>
        new Promise<number>((resolve) => {
          const row = document.querySelector('[data-key$=" app-0"]');
          const observer = new MutationObserver(() => {
            if (row?.getAttribute('data-state') !== look) return;
            observer.disconnect();
            resolve(performance.timeOrigin + performance.now());
          });
          if (row !== null) observer.observe(row, { attributes: true });
        }),
      state === 'paused' ? 'paused' : 'on',
    );
    await sleep(40 + (i % 7) * 15);
    const changedAt = performance.timeOrigin + performance.now();
    engine.store.updateHost(busyHost, (host) => {
      const { 'app-0': forward, ...rest } = host.forwards;
      return forward === undefined ? host : { ...host, forwards: { 'app-0': { ...forward, state }, ...rest } };
    });
    samples.push((await seen) - changedAt);
  }
  return percentile(samples, 95);
}
