import { readFile } from 'node:fs/promises';
import type { LogLine } from '../../shared/log.ts';
import { expect, show, test } from './fixtures.ts';
import { logLine } from './scene-logs.ts';

const later = (from: number, count: number): LogLine[] =>
  Array.from({ length: count }, (_, i) => {
    const at = new Date(Date.UTC(2026, 10, 20, 14, 32) + from + i).toISOString().replace('Z', '000000Z');
    return logLine('web', at, `GET /healthz ${from + i} 200 1ms`);
  });

test('a log is picked, followed, and stops following when one scrolls up, saying how many lines have come', async ({
  page,
  engine,
}) => {
  await page.keyboard.press('g');
  await page.keyboard.press('l');
  await page.getByRole('link', { name: /^shop, \d containers/ }).click();
  const log = page.getByRole('log', { name: 'Log' });
  await expect(log).toContainText('POST /checkout 200 440ms');
  engine.logs.tell({ kind: 'lines', lines: later(0, 500) });
  await expect(log).toContainText('GET /healthz 499 200');
  await log.focus();
  await page.keyboard.press('Home');
  await expect(log).toContainText('GET /products?page=2');
  engine.logs.tell({ kind: 'lines', lines: later(500, 42) });
  await expect(page.getByRole('button', { name: '42 new lines' })).toBeVisible();
  await expect(log).toContainText('GET /products?page=2');
  await page.keyboard.press('End');
  await expect(log).toContainText('GET /healthz 541 200');
  await expect(page.getByRole('button', { name: /new lines/ })).toHaveCount(0);
  expect(engine.logs.asked).toEqual([expect.objectContaining({ hostId: 'shop-staging', name: 'shop', tail: 1_000 })]);
});

test('a search counts, goes on and back, takes expressions, and can hide the rest', async ({ page, engine }) => {
  await show(page, '#/logs/shop-staging/shop');
  const log = page.getByRole('log', { name: 'Log' });
  await expect(log).toContainText('POST /checkout 200 440ms');
  await page.keyboard.press('/');
  await page.keyboard.type('gateway (timeout|refused)');
  const count = page.locator('.MatchCount');
  await expect(count).toHaveText('no match');
  await page.getByRole('button', { name: 'Regular expression' }).click();
  await expect(count).toHaveText('2');
  await page.getByRole('searchbox').focus();
  await page.keyboard.press('Enter');
  await expect(count).toHaveText('1 of 2');
  await expect(page.locator('.LogLine.is-current')).toContainText('attempt 1 of 3');
  await page.keyboard.press('Shift+Enter');
  await expect(page.locator('.LogLine.is-current')).toContainText('attempt 2 of 3');
  await log.focus();
  await page.keyboard.press('Control+g');
  await expect(page.locator('.LogLine.is-current')).toContainText('attempt 1 of 3');
  await page.keyboard.press('Control+Shift+G');
  await expect(count).toHaveText('2 of 2');
  engine.logs.tell({ kind: 'lines', lines: [logLine('api', '2026-11-20T14:40:00.000000000Z', 'gateway refused')] });
  await expect(count).toHaveText('2 of 3');
  await page.getByRole('button', { name: 'Show matching lines only' }).click();
  await expect(page.locator('.LogLine')).toHaveCount(3);
  await page.getByRole('searchbox').fill('(');
  await expect(count).toHaveText('no expression');
});

test('services, levels and streams are switched, and what is shown is what is exported', async ({ page, engine }) => {
  await show(page, '#/logs/shop-staging/shop');
  await page.getByRole('button', { name: /^web 5$/ }).click();
  await expect(page.locator('.LogLine')).toHaveCount(9);
  await page.getByRole('button', { name: 'Error 2' }).click();
  await expect(page.locator('.LogLine')).toHaveCount(2);
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Copy or export what is shown' }).click();
  await page.getByRole('menuitem', { name: 'Save as NDJSON' }).click();
  const saved = (await readFile(await (await saving).path(), 'utf8')).trim().split('\n');
  expect(saved.map((line) => (JSON.parse(line) as LogLine).container)).toEqual(['shop-api-1', 'shop-api-1']);
  await page.getByRole('button', { name: 'Copy or export what is shown' }).click();
  await page.getByRole('menuitem', { name: 'Copy what is shown' }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('14:31:15.491000000Z api error POST');
  expect(engine.asked).toEqual([]);
});

test('older lines come in front, and what one reads stays in its place', async ({ page, engine }) => {
  const older = (count: number): LogLine[] =>
    later(0, count).map((line) => ({ ...line, at: line.at.replace('T14', 'T10'), text: `old ${line.text}` }));
  engine.logs.page = { sources: [], lines: older(300), more: false };
  await show(page, '#/logs/shop-staging/shop');
  const log = page.getByRole('log', { name: 'Log' });
  await expect(log).toContainText('GET /products?page=2');
  engine.logs.tell({ kind: 'lines', lines: later(0, 100) });
  await expect(log).toContainText('GET /healthz 99 200');
  await log.focus();
  await page.keyboard.press('Home');
  await page.getByRole('button', { name: 'Older lines' }).click();
  await expect(page.getByText('The beginning')).not.toBeInViewport();
  await expect(log).toContainText('GET /products?page=2');
  await page.keyboard.press('Home');
  await expect(page.getByText('The beginning')).toBeInViewport();
  await expect(log).toContainText('old GET /healthz 0 200');
});

test('what happened between the lines is said', async ({ page, engine }) => {
  await show(page, '#/logs/shop-staging/shop');
  const log = page.getByRole('log', { name: 'Log' });
  await expect(log).toContainText('POST /checkout 200 440ms');
  engine.logs.tell({ kind: 'ended', container: 'shop-web-1', reason: 'stopped' });
  engine.logs.tell({ kind: 'gap', lines: 1_200 });
  await expect(log).toContainText('shop-web-1: has stopped');
  await expect(log).toContainText('1200 lines dropped');
});

test('fifty thousand lines, all that a log keeps, are followed and searched', async ({ page, engine }) => {
  await show(page, '#/logs/shop-staging/shop');
  await expect(page.getByRole('log', { name: 'Log' })).toContainText('POST /checkout 200 440ms');
  for (let batch = 0; batch < 10; batch += 1) engine.logs.tell({ kind: 'lines', lines: later(batch * 5_000, 5_000) });
  await expect(page.getByRole('log', { name: 'Log' })).toContainText('GET /healthz 49999 200');
  await page.getByRole('searchbox').fill('healthz 4999');
  await expect(page.locator('.MatchCount')).toHaveText('11');
});
