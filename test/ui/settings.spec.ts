import { readFile } from 'node:fs/promises';
import { parseProfile } from '../../shared/profile-file.ts';
import { expect, show, test } from './fixtures.ts';

test('what one takes along is a file that can be brought in, after a look at what it changes', async ({
  page,
  engine,
}) => {
  await show(page, '#/settings');
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export' }).click();
  const saved = await saving;
  expect(saved.suggestedFilename()).toBe('towline-profile.json');
  const profile = parseProfile(await readFile(await saved.path(), 'utf8'));
  const hosts = [{ id: 'nas-2', target: 'ssh://me@nas-2' }];
  const bring = (content: string): Promise<void> =>
    page
      .getByLabel('File to import')
      .setInputFiles({ name: 'mine.json', mimeType: 'application/json', buffer: Buffer.from(content) });

  await bring('hello');
  await expect(page.locator('.Toast')).toContainText('it is no JSON');
  await page.getByRole('button', { name: 'Put away' }).click();
  await bring(JSON.stringify({ ...profile, hosts }));
  await expect(page.getByRole('dialog').getByRole('listitem').first()).toHaveText(/Host.*nas-2.*new/);
  expect(engine.machine.settings.hosts).toEqual([]);
  await page.getByRole('button', { name: 'Bring in 1' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect.poll(() => engine.machine.settings.hosts).toEqual(hosts);
  await bring(JSON.stringify({ ...profile, hosts }));
  await expect(page.getByRole('dialog', { name: 'mine.json brings nothing new' })).toBeVisible();
});

test('the diagnostics are collected by the engine and saved as they come', async ({ page, engine }) => {
  await show(page, '#/settings');
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save diagnostics' }).click();
  const saved = await saving;
  expect(saved.suggestedFilename()).toBe('towline-diagnostics.zip');
  expect(await readFile(await saved.path(), 'utf8')).toBe('a zip');
  expect(engine.asked).toEqual([['diagnostics', undefined, undefined]]);
  await expect(page.getByRole('button', { name: 'Save diagnostics' })).toBeEnabled();
});

test('a reset asks first and takes the window with it', async ({ page, engine }) => {
  await show(page, '#/settings');
  await page.getByRole('button', { name: 'Dark' }).click();
  await page.getByRole('button', { name: 'Reset', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Leave them' })).toBeFocused();
  await page.getByRole('button', { name: 'Reset settings' }).click();
  await expect(page.getByRole('button', { name: 'System' })).toHaveAttribute('aria-pressed', 'true');
  expect(engine.machine.resets).toBe(1);
});

test('start at login and notifications are settings of the tray app only', async ({ page, engine }) => {
  await show(page, '#/settings');
  await page.getByRole('heading', { name: 'Ports' }).waitFor();
  await expect(page.getByRole('switch', { name: 'Start at login' })).toHaveCount(0);
  engine.store.update((state) => ({ ...state, mode: 'desktop' }));
  await page.getByRole('switch', { name: 'Start at login' }).click();
  await page.getByRole('switch', { name: 'A port is another one' }).click();
  const notifications = { ports: false, needsYou: true, connection: true, deployments: true, warnings: true };
  await expect
    .poll(() => engine.asked)
    .toEqual([
      ['settings', { desktop: { startAtLogin: true } }],
      ['settings', { notifications }],
    ]);
});

test('the command line is where the engine says, with the line that puts it on the PATH', async ({ page, engine }) => {
  await show(page, '#/settings');
  await expect(page.getByRole('region', { name: 'Command line' })).toContainText('ln -sf /opt/towline/towline.js');
  engine.machine.place = { file: '/opt/towline/towline.js', onPath: '/usr/bin/towline' };
  await show(page, '#/rules');
  await show(page, '#/settings');
  await expect(page.getByText('On the PATH as /usr/bin/towline')).toBeVisible();
});

test('a host becomes a docker context and stops being one', async ({ page, engine }) => {
  await show(page, '#/hosts/shop-staging');
  await page.getByRole('button', { name: 'Install docker context' }).click();
  await expect(page.getByText('docker --context towline-shop-staging ps')).toBeVisible();
  expect([...engine.machine.contexts]).toEqual(['shop-staging']);
  await page.getByRole('button', { name: 'Remove docker context' }).click();
  await expect(page.getByRole('button', { name: 'Install docker context' })).toBeVisible();
  expect([...engine.machine.contexts]).toEqual([]);
});
