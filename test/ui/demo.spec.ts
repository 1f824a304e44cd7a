import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../engine/base/clock.ts';
import { DisposableStore } from '../../engine/base/disposables.ts';
import { silentLogger } from '../../engine/base/logger.ts';
import { Engine } from '../../engine/engine.ts';
import { resolvePaths } from '../../engine/paths.ts';
import { openWebDoor } from '../../engine/serve/web-door.ts';
import { SettingsFile } from '../../engine/settings-file.ts';
import { StateFile } from '../../engine/state-file.ts';
import { expect, test } from './fixtures.ts';

const options = { clock: systemClock, log: silentLogger };
let owned: DisposableStore;
let url: string;

test.beforeEach(async () => {
  owned = new DisposableStore();
  const home = await mkdtemp(join(tmpdir(), 'towline-ui-'));
  owned.defer(() => rm(home, { recursive: true, force: true }));
  const env = { HOME: home, TOWLINE_HOME: home, PATH: process.env['PATH'] };
  const paths = resolvePaths({ env, platform: process.platform, home, uid: process.getuid?.() ?? 0 });
  const settings = owned.add(await SettingsFile.open({ ...options, file: paths.settingsFile }));
  const stateFile = owned.add(await StateFile.open({ ...options, file: paths.stateFile }));
  const engine = owned.add(new Engine({ ...options, settings, stateFile, paths, env, mode: 'headless' }));
  await engine.start();
  url = owned.add(await openWebDoor({ commands: engine, log: silentLogger, port: 0 })).url;
});
test.afterEach(() => owned.dispose());

test('from nothing to a page that is served through a forward, then paused, moved by a rule and left out', async ({
  page,
  request,
}) => {
  await page.goto(url);
  await page.getByRole('button', { name: 'Try the demo host' }).click();
  const web = page.getByRole('row', { name: /web.*Listening/ });
  await expect(web).toBeVisible({ timeout: 20_000 });
  const address = (await web.locator('.ForwardRow-address').textContent()) ?? '';
  expect((await request.get(`http://${address}`)).ok()).toBe(true);
  await expect(page.getByRole('region', { name: 'What Towline has open' })).toContainText(/Connections1\D*1/);

  await web.focus();
  await page.keyboard.press('p');
  await expect(page.getByRole('row', { name: /web.*Paused/ })).toBeVisible();
  await page.keyboard.press('p');
  await expect(web).toBeVisible();

  await page.keyboard.press('r');
  await page.getByRole('textbox', { name: 'Local port' }).fill('28080');
  await page.getByRole('button', { name: 'Use 28080' }).click();
  await expect(page.getByRole('row', { name: /localhost:28080.*web.*Listening/ })).toBeVisible();
  expect((await request.get('http://localhost:28080')).ok()).toBe(true);

  await page.keyboard.press('i');
  await expect(page.getByText('1 port left out by rules or labels.')).toBeVisible();
  await page.getByRole('link', { name: 'Show rules' }).click();
  await page.getByRole('button', { name: 'Remove rule' }).click();
  await expect(page.getByText('Every port keeps its number')).toBeVisible();
  await page.getByRole('link', { name: /Forwards/ }).click();
  await expect(page.getByRole('row', { name: new RegExp(`${address}.*web.*Listening`) })).toBeVisible();
});

test('a host is tried out step by step', async ({ page }) => {
  await page.goto(url);
  await page.getByRole('button', { name: 'Try the demo host' }).click();
  await page.getByRole('link', { name: /demo/ }).first().click();
  await page.getByRole('button', { name: 'Test', exact: true }).click();
  await expect(page.getByText('All passed')).toBeVisible({ timeout: 20_000 });
  await expect(page.getByRole('listitem').filter({ hasText: 'Docker' })).toContainText('through /var/run/docker.sock');
});

test('the log of a project is read over the line that is there', async ({ page }) => {
  await page.goto(url);
  await page.getByRole('button', { name: 'Try the demo host' }).click();
  await expect(page.getByRole('row', { name: /web.*Listening/ })).toBeVisible();
  await page.keyboard.press('g');
  await page.keyboard.press('l');
  await page.getByRole('link', { name: /^shop, \d containers?/ }).click();
  await expect(page.getByRole('log', { name: 'Log' }).locator('.LogLine').first()).toBeVisible();
});
