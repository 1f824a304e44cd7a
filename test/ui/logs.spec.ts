import { readFile } from 'node:fs/promises';
import type { LogEvent, LogLine } from '../../shared/log.ts';
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
  await expect(page.getByText('The beginning')).toBeAttached(); // they have come
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

test('two hundred thousand lines, all that a log keeps, are followed and searched, and the oldest go', async ({
  page,
  engine,
}) => {
  await show(page, '#/logs/shop-staging/shop');
  await expect(page.getByRole('log', { name: 'Log' })).toContainText('POST /checkout 200 440ms');
  const full = page.getByRole('button', { name: 'web 200,000' });
  for (let batch = 0; batch < 42; batch += 1) {
    engine.logs.tell({ kind: 'lines', lines: later(batch * 5_000, 5_000) });
    await expect(
      page.getByRole('button', { name: `web ${(batch * 5_000 + 5_005).toLocaleString('en-GB')}` }).or(full),
    ).toBeVisible();
  }
  await expect(page.getByRole('log', { name: 'Log' })).toContainText('GET /healthz 209999 200');
  await expect(full).toBeVisible();
  await page.getByRole('searchbox').fill('healthz 20999');
  await expect(page.locator('.MatchCount')).toHaveText('11');
  await page.getByRole('searchbox').fill('healthz');
  await expect(page.locator('.MatchCount')).toHaveText('200,000');
});

test('the colours of a log are kept under what a search marks', async ({ page, engine }) => {
  await show(page, '#/logs/shop-staging/shop');
  await expect(page.locator('.LogLine .Ansi', { hasText: 'info' })).toHaveClass(/is-colour-6/);
  engine.logs.tell({
    kind: 'lines',
    lines: [logLine('api', '2026-11-20T14:40:00.000000000Z', '\u001b[1;31mfailed\u001b[0m and \u001b[2Jgone')],
  });
  await expect(page.getByRole('log', { name: 'Log' })).toContainText('failed and gone');
  await page.getByRole('searchbox').fill('led and');
  await expect(page.locator('.LogLine mark')).toHaveText(['led', ' and']);
});

test('a log is opened at a time, goes on from there, and is followed again', async ({ page, engine }) => {
  const lines = later(0, 2_000);
  const at = lines[1_000]?.at ?? '';
  engine.logs.page = { sources: [], lines, more: true };
  await show(page, '#/logs/shop-staging/shop');
  await page.getByRole('button', { name: 'Open at a time' }).click();
  const local = await page.evaluate((moment) => {
    const date = new Date(`${moment.slice(0, 23)}Z`);
    return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
  }, at);
  await page.getByLabel('Time, by this machine’s clock').fill(local);
  await page.keyboard.press('Enter');
  await expect(page.locator('.LogLine.is-current')).toContainText('GET /healthz 1000 200');
  await expect(page.locator('.LogLine.is-current')).toBeInViewport();
  expect(engine.logs.asked.at(-1)).toEqual(expect.objectContaining({ name: 'shop', until: expect.any(String) }));
  await page.getByRole('button', { name: 'Later lines' }).click();
  await expect(page.locator('.LogLine.is-current')).toContainText('GET /healthz 1999 200');
  await page.getByRole('button', { name: 'Follow the newest' }).click();
  await expect(page.getByRole('log', { name: 'Log' })).toContainText('POST /checkout 200 440ms');
  await expect(page.getByText('Around')).toHaveCount(0);
});

test('a log goes to a window of its own, which has no sidebar and stays one from log to log', async ({
  page,
  engine,
}) => {
  await show(page, '#/logs/shop-staging/shop');
  const opening = page.waitForEvent('popup');
  await page.getByRole('link', { name: 'Open in a window of its own' }).click();
  const apart = await opening;
  await expect(apart.getByRole('log', { name: 'Log' })).toContainText('POST /checkout 200 440ms');
  await expect(apart.getByRole('complementary')).toHaveCount(0);
  await apart.getByRole('link', { name: 'Timeline' }).click();
  await expect(apart.getByRole('combobox', { name: 'Host' })).toHaveValue('shop-staging');
  await expect(apart.getByRole('complementary')).toHaveCount(0);
  await expect(apart.getByRole('link', { name: 'Open in a window of its own' })).toHaveCount(0);
  expect(engine.logs.asked).toHaveLength(2);
  await apart.close();
});

test('Towline’s own log is picked by the keyboard, and read as any other', async ({ page, engine }) => {
  const own = (seconds: string, text: string): LogEvent => {
    const at = `2026-11-20T14:31:${seconds}.118000000Z`;
    return { kind: 'lines', lines: [{ at, stream: 'stdout', container: 'towline', text }] };
  };
  engine.logs.ownEvents = [
    own('02', 'info connected host=shop-staging ms=412'),
    own('03', 'info forward listening host=shop-staging port=8080'),
    own('04', 'warn forward has a conflict host=shop-staging port=5432'),
  ];
  await show(page, '#/logs');
  await page.getByRole('link', { name: 'Towline itself' }).focus();
  await page.keyboard.press('Enter');
  const log = page.getByRole('log', { name: 'Log' });
  await expect(log).toContainText('info forward listening host=shop-staging port=8080');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Towline itself');
  engine.logs.tellOwn(own('09', 'error connection lost host=shop-staging'));
  await expect(log).toContainText('error connection lost');
  await page.getByRole('button', { name: 'Warn 2' }).click();
  await expect(page.locator('.LogLine')).toHaveCount(2);
  await page.keyboard.press('/');
  await page.keyboard.type('conflict');
  await expect(page.locator('.MatchCount')).toHaveText('1');
  await expect(page.getByRole('button', { name: 'Open at a time' })).toHaveCount(0);
  await expect(page.getByText('The beginning')).toHaveCount(0);
  expect(engine.logs.asked).toEqual([{ tail: 1_000 }]);
});
