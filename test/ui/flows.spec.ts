import { expect, show, test } from './fixtures.ts';

test('a host is chosen from the ssh config, tried out, and kept', async ({ page, engine }) => {
  await page.getByRole('button', { name: 'Add host' }).click();
  await page.getByRole('listbox').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('textbox', { name: 'Target' })).toHaveValue('build-02');
  await page.getByRole('button', { name: 'Test', exact: true }).click();
  await expect(page.getByText('Stopped at Connection')).toBeVisible();
  await expect(page.getByText('build-02 refused 3 keys.')).toBeVisible();
  await page.getByRole('button', { name: 'Add build-02' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'build-02' })).toBeVisible();
  expect(engine.profiles).toEqual([{ id: 'build-02', target: 'build-02' }]);
});

test('an address that cannot be one is told while it is written', async ({ page, engine }) => {
  await show(page, '#/hosts');
  await page.getByRole('textbox', { name: 'Target' }).fill('ssh://me:secret@host');
  await expect(page.getByText('The target contains a password.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Add', exact: true })).toBeDisabled();
  expect(engine.profiles).toEqual([]);
});

test('a rule shows what it would do before it is saved', async ({ page, engine }) => {
  await show(page, '#/rules');
  await page.getByRole('button', { name: 'Add rule' }).click();
  await page.getByLabel('Container', { exact: true }).fill('grafana');
  await expect(page.getByText('Matches 0 of 13 forwards')).toBeVisible();
  await page.getByLabel('Project').fill('ci');
  await page.getByLabel('Container', { exact: true }).fill('*grafana*');
  await page.getByRole('button', { name: 'Ignore' }).click();
  await expect(page.getByText('Matches 1 of 13 forwards, changes 1')).toBeVisible();
  await expect(page.getByRole('listitem').filter({ hasText: '3001' })).toContainText('left out');
  await page.getByRole('button', { name: 'Save rule' }).click();
  await expect(page.getByText('In force')).toBeVisible();
  const rule = { match: { container: '*grafana*', project: 'ci' }, ignore: true };
  expect(engine.store.state.settings.rules[0]).toEqual(rule);
  await page.getByRole('button', { name: 'Try it later' }).click();
  await expect.poll(() => engine.store.state.settings.rules[1]).toEqual(rule);
});

test('settings reach the engine, one group at a time', async ({ page, engine }) => {
  await show(page, '#/settings');
  await page.getByRole('combobox', { name: 'When a port is taken here' }).selectOption('Wait until it is free');
  await page.getByLabel('Hold new clients, in seconds').fill('25');
  await page.keyboard.press('Enter');
  await expect
    .poll(() => engine.asked)
    .toEqual([
      ['settings', { ports: { policy: 'require', allowLan: false } }],
      ['settings', { outage: { holdMs: 25_000, suspendAfterMs: 30_000 } }],
    ]);
  await page.getByRole('button', { name: 'Dark' }).click();
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toBe('dark');
  await page.reload();
  await expect(page.getByRole('button', { name: 'Dark' })).toHaveAttribute('aria-pressed', 'true');
});

test('a port is forwarded by hand', async ({ page, engine }) => {
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('combobox', { name: 'Host' }).selectOption('shop-staging');
  await page.getByLabel('To, as seen from the host').fill('10.0.0.7:5432');
  await page.getByRole('textbox', { name: 'Local port' }).fill('15999');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  const target = { kind: 'tcp', address: '10.0.0.7', port: 5432 };
  expect(engine.asked).toEqual([['add-forward', { hostId: 'shop-staging', target, localPort: 15_999 }]]);
});

test('what the engine refuses is said, also over an open dialog, until it is put away', async ({ page, engine }) => {
  await show(page, '#/hosts/shop-staging');
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Reconnect' }).click();
  await expect(page.locator('.Toast')).toContainText('cannot read shop-staging of undefined');
  await page.getByRole('button', { name: 'Put away' }).click();
  await expect(page.locator('.Toast')).toHaveCount(0);
  await page.getByRole('button', { name: 'Disconnect' }).click();
  expect(engine.asked).toEqual([['disconnect', 'shop-staging']]);
});

test('names of strangers are text', async ({ page, engine }) => {
  engine.store.updateHost('build-01', (host) => ({
    ...host,
    reason: { code: 'x', message: '<img src=x onerror=alert(1)>', hint: '`<b>`' },
  }));
  await expect(page.getByText('<img src=x onerror=alert(1)>')).toBeVisible();
});

test('a secret goes to the keychain only where the user says so', async ({ page, engine }) => {
  for (const remember of [false, true]) {
    engine.store.updateHost('nas', (host) => ({
      ...host,
      prompt: { id: `${remember}`, request: { kind: 'password', hostId: 'nas', user: 'ada', host: 'nas' } },
    }));
    await page.getByLabel('Password', { exact: true }).fill('secret');
    if (remember) await page.getByLabel('Keep in the keychain of this machine').check();
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByRole('dialog')).toHaveCount(0);
  }
  const answer = { kind: 'password', hostId: 'nas', password: 'secret' };
  expect(engine.asked).toEqual([
    ['answer', 'nas', 'false', { ...answer, remember: false }],
    ['answer', 'nas', 'true', { ...answer, remember: true }],
  ]);
});
