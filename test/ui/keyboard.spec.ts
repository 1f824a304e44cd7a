import { expect, test } from './fixtures.ts';
import { SceneEngine } from './scene.ts';

test('with the keyboard alone one finds a forward, copies, pauses, moves and ignores it', async ({ page, engine }) => {
  await page.keyboard.press('/');
  await page.keyboard.type('cache');
  await expect(page.getByRole('row', { name: /localhost:6379/ })).toBeVisible();
  await page.keyboard.press('F6');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('row', { name: /localhost:6379/ })).toBeFocused();
  await page.keyboard.press('Control+c');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('localhost:6379');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe('redis-cli -h localhost -p 6379');
  await page.keyboard.press('p');
  await expect(page.getByRole('row', { name: /localhost:6379/ })).toContainText('Paused');
  await page.keyboard.press('r');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('16379');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByRole('row', { name: /localhost:6379/ })).toBeFocused();
  await page.keyboard.press('i');
  const which = { hostId: 'shop-staging', forwardId: 'shop/cache:6379' };
  await expect
    .poll(() => engine.asked)
    .toEqual([
      ['pause', which],
      ['remap', which.hostId, which.forwardId, 16379],
      ['ignore', which.hostId, which.forwardId],
    ]);
});

test('every action of a row is in its menu, and the focus comes back to the row', async ({ page, engine }) => {
  const row = page.getByRole('row', { name: /localhost:3001/ });
  await row.focus();
  await page.keyboard.press('Shift+F10');
  await expect(page.getByRole('menuitem')).toHaveText([
    /Open in browser/,
    /Copy address/,
    /Pause/,
    /Change local port/,
    /Show log/,
    /Show build-01/,
    /Ignore/,
  ]);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(row).toContainText('Paused');
  await expect(row).toBeFocused();
  expect(engine.asked).toEqual([['pause', { hostId: 'build-01', forwardId: 'ci/grafana:3001' }]]);
});

test('the letters of a view lead there, and the arrows fold a host', async ({ page, engine }) => {
  expect(engine.asked).toEqual([]);
  await page.keyboard.press('g');
  await page.keyboard.press('r');
  await expect(page.getByRole('heading', { name: /Rules/ })).toBeVisible();
  await page.keyboard.press('g');
  await page.keyboard.press(',');
  await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible();
  await page.keyboard.press('g');
  await page.keyboard.press('f');
  await page.keyboard.press('F6');
  await page.keyboard.press('F6');
  await page.keyboard.press('F6');
  const host = page.getByRole('row', { name: /build-01/ });
  await expect(host).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await expect(host).toHaveAttribute('aria-expanded', 'false');
  await page.keyboard.press('ArrowRight');
  await expect(host).toHaveAttribute('aria-expanded', 'true');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'build-01' })).toBeVisible();
});

test('a question takes the focus to its safe answer, Esc gives it, and the next one follows', async ({
  page,
  stage,
}) => {
  const engine = await stage.open(new SceneEngine());
  await page.getByRole('searchbox').focus();
  for (const hostId of ['gpu-lab', 'nas']) {
    engine.store.updateHost(hostId, (host) => ({
      ...host,
      state: 'authenticating',
      prompt: {
        id: hostId,
        request: {
          kind: 'host-key',
          hostId,
          host: hostId,
          port: 22,
          keyType: 'ssh-ed25519',
          fingerprint: 'SHA256:abcd',
          randomart: [],
          knownAs: [],
        },
      },
    }));
  }
  await expect(page.getByRole('dialog', { name: 'Is this gpu-lab?' })).toContainText('1 of 2 questions');
  await expect(page.getByRole('button', { name: 'Not now' })).toBeFocused();
  for (let i = 0; i < 6; i += 1) await page.keyboard.press('Tab');
  expect(
    await page.evaluate(
      () => document.activeElement === document.body || document.activeElement?.closest('dialog') !== null,
    ),
  ).toBe(true);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog', { name: 'Is this nas?' })).toBeVisible();
  await page.getByLabel('Paste the fingerprint you expect').fill('SHA256:other');
  await expect(page.getByRole('button', { name: 'Trust and connect' })).toBeDisabled();
  await page.getByLabel('Paste the fingerprint you expect').fill('SHA256:abcd');
  await page.getByRole('button', { name: 'Trust and connect' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByRole('searchbox')).toBeFocused();
  expect(engine.asked).toEqual([
    ['answer', 'gpu-lab', 'gpu-lab', undefined],
    ['answer', 'nas', 'nas', { kind: 'host-key', hostId: 'nas', accept: true }],
  ]);
});
