import { expect, show, test } from './fixtures.ts';

test('a stack is deployed by one button; its steps, output and end are shown, whoever else watches', async ({
  page,
  engine,
}) => {
  await page.keyboard.press('g');
  await page.keyboard.press('s');
  await page.getByRole('button', { name: 'Deploy shop' }).click();
  const card = page.getByRole('listitem').filter({ hasText: '~/code/shop' });
  await expect(card).toContainText('Waiting');
  engine.stacks.build('shop');
  await expect(card).toContainText('Step 4 of 7, pulling and building');
  const panel = page.getByRole('region', { name: 'Newest run of shop' });
  await expect(panel).toContainText('Uploaded 412 kB');
  await expect(panel).toContainText('Building api step 5 of 7');
  await expect(panel.getByRole('log')).toContainText('dist/worker.js');
  await expect(panel.getByRole('listitem').filter({ hasText: 'Build' })).toHaveAttribute('aria-current', 'step');
  await page.reload();
  await expect(panel.getByRole('log')).toContainText('dist/worker.js');
  engine.stacks.end('shop', {});
  await expect(card).toContainText('Works');
  await expect(panel).toContainText('Runs, after 21 s. The new release runs.');
  expect(engine.stacks.asked).toEqual([
    [
      'begin',
      {
        action: 'deploy',
        stacks: ['shop'],
        options: expect.objectContaining({ noCache: false }) as object,
        onFailure: 'stop',
      },
    ],
  ]);
});

test('with the keyboard alone one goes to a stack, deploys, cancels and looks what would change', async ({
  page,
  engine,
}) => {
  await show(page, '#/stacks');
  await page.getByRole('link', { name: 'edge', exact: true }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('link', { name: 'metrics' })).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('link', { name: 'shop', exact: true })).toBeFocused();
  await page.keyboard.press('Control+Shift+Enter');
  const dryRun = page.getByRole('region', { name: 'shop, dry run' });
  await expect(dryRun).toContainText('1 added, 1 changed, 1 deleted');
  await expect(dryRun).toContainText('3.1 kB to send');
  await expect(dryRun.getByRole('list', { name: 'Rendered config' })).toContainText('before: traefik:v3.1');
  await expect(dryRun.getByRole('list', { name: 'Compose would' })).toContainText('Recreate');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('region', { name: 'Newest run of shop' })).toBeVisible();
  await page.keyboard.press('Control+.');
  await expect(page.getByRole('region', { name: 'Newest run of shop' })).toContainText('Cancelled');
  expect(engine.stacks.asked.map((call) => (call as unknown[])[0])).toEqual(['begin', 'cancel']);
});

test('a failure says what it was, what runs now, and what each gate saw', async ({ page, engine }) => {
  await show(page, '#/stacks/shop');
  await page.getByRole('button', { name: 'Deploy shop' }).click();
  engine.stacks.build('shop');
  engine.stacks.tell('shop', { kind: 'stage', stage: 'gating', atMs: 9_000 });
  engine.stacks.tell('shop', {
    kind: 'gate',
    report: { gate: 'health', ok: false, saw: 'api is restarting (3 times)', log: ['Error: no DATABASE_URL'] },
  });
  engine.stacks.tell('shop', { kind: 'stage', stage: 'restoring', atMs: 9_900 });
  const failure = { code: 'gate-failed', message: 'api is restarting.', hint: 'Look at its log.' };
  engine.stacks.end('shop', { outcome: 'failed', release: 'old', stage: 'gating', failure });
  const panel = page.getByRole('region', { name: 'Newest run of shop' });
  await expect(panel.getByRole('alert')).toContainText('gate-failed');
  await expect(panel.getByRole('list', { name: 'Gates' })).toContainText('Error: no DATABASE_URL');
  await expect(panel).toContainText('The release before runs.');
  await expect(panel.getByRole('list', { name: 'Steps' }).getByRole('listitem').last()).toContainText('Go back');
});

test('going back asks first, and goes to the release that was chosen', async ({ page, engine }) => {
  await show(page, '#/stacks');
  await page.getByRole('button', { name: 'More for edge' }).click();
  await page.getByRole('menuitem', { name: 'Releases' }).click();
  await page
    .getByRole('button', { name: /^Roll back to/ })
    .first()
    .click();
  await expect(page.getByRole('button', { name: 'Stay with this release' })).toBeFocused();
  await page.getByRole('button', { name: 'Roll back', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Newest run of edge' })).toBeVisible();
  expect(engine.stacks.asked).toEqual([
    ['begin', { action: 'rollback', stack: 'edge', to: 'r2', options: expect.anything() as object }],
  ]);
});

test('a stack is described, named after its directory, and removed again', async ({ page, engine }) => {
  await show(page, '#/stacks');
  await page.getByRole('button', { name: 'Add stack' }).click();
  await page.getByLabel('Directory here').fill('~/code/My Blog/');
  await expect(page.getByLabel('Name')).toHaveValue('my-blog');
  await page.getByLabel('Name').fill('shop');
  await expect(page.getByText('There is a stack shop already.')).toBeVisible();
  await page.getByLabel('Name').fill('blog');
  await page.getByRole('combobox', { name: 'Host' }).selectOption('nas');
  await page.getByRole('button', { name: 'Add blog' }).click();
  await expect(page.getByRole('link', { name: 'blog', exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'More for blog' }).click();
  await page.getByRole('menuitem', { name: 'Remove stack' }).click();
  await page.getByRole('button', { name: 'Remove blog' }).click();
  await expect(page.getByRole('link', { name: 'blog', exact: true })).toHaveCount(0);
  expect(engine.stacks.asked).toEqual([
    ['add', expect.objectContaining({ name: 'blog', host: 'nas', dir: '~/code/My Blog/', files: [] })],
    ['remove', 'blog'],
  ]);
});
