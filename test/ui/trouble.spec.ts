import { silentLogger } from '../../engine/base/logger.ts';
import { openWebDoor } from '../../engine/serve/web-door.ts';
import { expect, test } from './fixtures.ts';
import { SceneEngine } from './scene.ts';

test('when the engine goes, the page says so and keeps showing how it last was', async ({ page }) => {
  const engine = new SceneEngine();
  const door = await openWebDoor({ commands: engine, log: silentLogger, port: 0 });
  await page.goto(door.url);
  await expect(page.getByRole('row', { name: /localhost:3001/ })).toBeVisible();
  await door.dispose();
  await expect(page.getByRole('status').filter({ hasText: 'Towline does not answer' })).toBeVisible();
  await expect(page.getByRole('row', { name: /localhost:3001/ })).toBeVisible();
  await expect.poll(() => engine.attending).toBe(0);
  await page.getByRole('row', { name: /localhost:3001/ }).focus();
  await page.keyboard.press('p');
  await expect(page.locator('.Toast')).toContainText('Towline does not answer.');
});

test('broken settings and a pause of everything are said in every view', async ({ page }) => {
  const engine = new SceneEngine();
  const door = await openWebDoor({ commands: engine, log: silentLogger, port: 0 });
  await page.goto(`${door.url}#/settings`);
  await page.getByRole('heading', { name: 'Settings' }).waitFor();
  engine.store.update((state) => ({
    ...state,
    settingsProblem: {
      code: 'config-unreadable',
      message: 'Line 41, a comma is missing.',
      hint: 'Kept as config.json.broken.',
    },
    hosts: Object.fromEntries(Object.entries(state.hosts).map(([id, host]) => [id, { ...host, paused: true }])),
  }));
  await expect(page.getByRole('alert')).toContainText('a comma is missing');
  await page.getByRole('button', { name: 'Resume all' }).click();
  await expect.poll(() => engine.asked).toEqual([['resume', {}]]);
  await door.dispose();
});
