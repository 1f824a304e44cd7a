/// <reference lib="dom" />
import type { Page } from '@playwright/test';
import type { LogEvent } from '../shared/log.ts';
import type { FakeEngine } from '../test/engine/serve/fake-engine.ts';

export const logLines = 200_000;
const batchLines = 500;
const queries = ['checkout 502', 'timeout', 'GET /healthz', 'req=1999', 'gateway'];

export interface LogWindowFigures {
  /** From a query's last letter to the count of its matches on the page, ms. */
  readonly searches: readonly number[];
  /** The longest that the page did not listen, ms: while the lines came, and while it searched. */
  readonly blockedWhileReading: number;
  readonly blockedWhileSearching: number;
  /** The page's heap with all lines, after a collection, MB. */
  readonly heapMb: number;
}

/** A log of 200,000 lines comes, as fast as the page takes it, and is searched. */
export async function measureLogWindow(page: Page, engine: FakeEngine, hostId: string): Promise<LogWindowFigures> {
  engine.logs.events = flood();
  await watchBlocking(page);
  await page.evaluate((to) => (window.location.hash = to), `#/logs/${hostId}/shop`);
  await page.getByRole('button', { name: `web ${logLines.toLocaleString('en-GB')}` }).waitFor({ timeout: 120_000 });
  const blockedWhileReading = await longestBlock(page);
  await page.getByRole('searchbox').click();
  await longestBlock(page);
  const searches: number[] = [];
  for (const query of queries) {
    searches.push(await search(page, query));
    await search(page, '');
  }
  const blockedWhileSearching = await longestBlock(page);
  const tools = await page.context().newCDPSession(page);
  await tools.send('HeapProfiler.collectGarbage');
  const { usedSize } = await tools.send('Runtime.getHeapUsage');
  return { searches, blockedWhileReading, blockedWhileSearching, heapMb: usedSize / 1e6 };
}

function flood(): LogEvent[] {
  const began = Date.UTC(2026, 10, 20);
  return Array.from({ length: logLines / batchLines }, (_, batch) => ({
    kind: 'lines',
    lines: Array.from({ length: batchLines }, (_, i) => {
      const number = batch * batchLines + i;
      const text =
        number % 97 === 0
          ? `error POST /checkout 502 req=${number} payment gateway timeout after 5000ms (attempt 1 of 3)`
          : `GET /healthz 200 req=${number} in ${number % 50} ms user=u_${number % 1_171} cache=hit`;
      const at = new Date(began + number).toISOString().replace('Z', '000000Z');
      return { at, stream: 'stdout', container: 'shop-web-1', service: 'web', text };
    }),
  }));
}

interface Watched {
  longest?: number;
}

/** A task every few ms: as late as one comes, so long the page was busy. */
function watchBlocking(page: Page): Promise<void> {
  return page.evaluate(() => {
    const everyMs = 5;
    const watched = window as Watched;
    let last = performance.now();
    setInterval(() => {
      const now = performance.now();
      watched.longest = Math.max(watched.longest ?? 0, now - last - everyMs);
      last = now;
    }, everyMs);
  });
}

/** Since it was asked for the last time. */
function longestBlock(page: Page): Promise<number> {
  return page.evaluate(() => {
    const watched = window as Watched;
    const { longest = 0 } = watched;
    watched.longest = 0;
    return longest;
  });
}

function search(page: Page, query: string): Promise<number> {
  return page.evaluate(
    (text) =>
      new Promise<number>((resolve) => {
        const field = document.querySelector<HTMLInputElement>('input[type=search]');
        const count = document.querySelector('.MatchCount');
        if (field === null || count === null) throw new Error('There is no log on show.');
        const began = performance.now();
        const answered = (): boolean => (text === '' ? count.textContent === '' : /\d/.test(count.textContent));
        const observer = new MutationObserver(() => {
          if (!answered()) return;
          observer.disconnect();
          resolve(performance.now() - began);
        });
        observer.observe(count, { childList: true, characterData: true, subtree: true });
        Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(field, text);
        field.dispatchEvent(new Event('input', { bubbles: true }));
      }),
    query,
  );
}
