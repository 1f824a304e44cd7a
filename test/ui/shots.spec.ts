import type { Page } from '@playwright/test';
import { forwardView } from '../engine/serve/fake-engine.ts';
import { expect, show, test } from './fixtures.ts';
import { SceneEngine } from './scene.ts';

const prompts = {
  'host-key': {
    kind: 'host-key',
    hostId: 'gpu-lab',
    host: 'gpu-lab.acme.internal',
    port: 22,
    address: '10.20.0.14',
    keyType: 'ssh-ed25519',
    fingerprint: 'SHA256:pVd8uN4qZt7C1mRxoL2eKfYbH9sWa6JgTzE3vD5P0mQ',
    randomart: [],
    knownAs: [],
  },
  passphrase: { kind: 'passphrase', hostId: 'gpu-lab', keyFile: '/home/ada/.ssh/id_ed25519', wrongBefore: true },
  interactive: {
    kind: 'keyboard-interactive',
    hostId: 'gpu-lab',
    name: '',
    instructions: '',
    prompts: [
      { text: 'Password:', echo: false },
      { text: 'One-time code for deploy:', echo: true },
    ],
  },
} as const;

/** Some traffic through two forwards, in as little time as the pushes take. */
async function twoMinutesOfTraffic(page: Page, engine: SceneEngine): Promise<void> {
  for (let step = 0; step < 24; step += 1) {
    const active = 1 + (step % 3);
    engine.carry('shop-staging', 'shop/db:5432', 90_000 + 80_000 * ((step * 7) % 5), active);
    engine.carry('shop-staging', 'shop/cache:6379', 4_000 + 5_000 * ((step * 5) % 4), active);
    await expect(page.getByRole('row', { name: /localhost:6379/ }).locator('.ForwardRow-active')).toHaveText(
      String(active),
    );
    if (step < 23) await page.clock.fastForward(5_000);
  }
}

for (const theme of ['light', 'dark'] as const) {
  test.describe(theme, () => {
    test.use({ colorScheme: theme });
    const shot = (page: Page, name: string): Promise<unknown> =>
      page.screenshot({ path: `test-results/ui/${name}-${theme}.png`, animations: 'disabled' });

    const shotStacks = async (page: Page, { stacks }: SceneEngine): Promise<void> => {
      await show(page, '#/stacks');
      await page.getByRole('button', { name: 'Dry run of shop' }).click();
      await page.getByText('3.1 kB to send').waitFor();
      await shot(page, 'stacks-dry-run');
      await page.getByRole('button', { name: 'Deploy shop', exact: true }).first().click();
      stacks.build('shop');
      await page.getByText('dist/worker.js').waitFor();
      await page.getByText('Step 4 of 7').waitFor();
      await page.clock.fastForward(38_000);
      await shot(page, 'stacks');
      await page.getByRole('button', { name: 'More for edge' }).click();
      await shot(page, 'stacks-menu');
      await page.getByRole('menuitem', { name: 'Releases' }).click();
      await page.getByText('Releases kept').waitFor();
      await shot(page, 'stacks-releases');
      await page
        .getByRole('button', { name: /^Roll back to/ })
        .first()
        .click();
      await shot(page, 'stacks-roll-back');
      await page.keyboard.press('Escape');
      await page.getByRole('link', { name: 'metrics', exact: true }).click();
      await page.getByText('deploy-gate-failed').waitFor();
      await shot(page, 'stacks-failed');
      await page.getByRole('button', { name: 'Add stack' }).click();
      await page.getByLabel('Directory here').fill('~/code/blog');
      await shot(page, 'stacks-add');
      await page.keyboard.press('Escape');
      stacks.end('shop', {});
    };

    const shotTimeline = async (page: Page, engine: SceneEngine): Promise<void> => {
      const reason = { code: 'connection-lost', message: 'The connection was reset.', hint: 'It is tried again.' };
      engine.store.updateHost('build-01', (host) => ({ ...host, state: 'reconnecting', attempt: 1, reason }));
      engine.store.updateHost('build-01', ({ reason: _, attempt: __, ...host }) => ({ ...host, state: 'ready' }));
      const cause = { code: 'event-stream-silent', message: 'Docker was silent for 45 s.' };
      engine.store.updateHost('build-01', (host) => ({
        ...host,
        events: { ...host.events, attempt: 2, lagMs: 3, ended: [{ at: Date.now(), received: 12, cause }] },
      }));
      const hint = 'Look at its timeline for why they end.';
      const message = '24 connections were opened to build-01 within an hour.';
      const about = { id: 'churn', hostId: 'build-01', since: Date.now(), announcedAt: Date.now() };
      engine.store.update((state) => ({
        ...state,
        alerts: { churn: { ...about, code: 'connections-churning', message, hint } },
      }));
      await show(page, '#/timeline');
      await page.clock.runFor(1_000);
      await page.getByText('The connection was reset.').waitFor();
      await shot(page, 'timeline');
      await show(page, '#/timeline/build-01');
      await page.clock.runFor(1_000);
      await page.getByText('The connection was reset.').waitFor();
      await shot(page, 'timeline-host');
      await show(page, '#/hosts/build-01');
      await page.getByText('Docker was silent').waitFor();
      await shot(page, 'host-warned');
      engine.store.update(({ alerts: _, ...state }) => state);
    };

    const shotLogs = async (page: Page): Promise<void> => {
      await show(page, '#/logs');
      await page.getByRole('heading', { name: 'shop-staging' }).waitFor();
      await shot(page, 'logs-picker');
      await show(page, '#/logs/shop-staging/shop');
      await page.clock.runFor(1_000);
      await page.getByText('POST /checkout 200 440ms').waitFor();
      await page.getByRole('button', { name: 'Regular expression' }).click();
      await page.getByRole('searchbox').fill('gateway (timeout|refused)');
      await page.keyboard.press('Enter');
      await page.getByRole('status').filter({ hasText: '1 of 2' }).waitFor();
      await shot(page, 'logs');
    };

    test('every view is drawn', async ({ page, stage }) => {
      await page.clock.install();
      const engine = await stage.open(new SceneEngine());
      await twoMinutesOfTraffic(page, engine);
      await page.getByRole('row', { name: /cache/ }).hover();
      await shot(page, 'forwards');
      await page.getByRole('row', { name: /web/ }).focus();
      await page.keyboard.press('Space');
      await page.mouse.move(0, 0);
      await shot(page, 'forwards-details');
      await page.keyboard.press('Shift+F10');
      await shot(page, 'forwards-menu');
      await page.keyboard.press('Escape');
      await page.keyboard.press('r');
      await shot(page, 'forwards-remap');
      await page.keyboard.press('Escape');
      await page.keyboard.press('?');
      await shot(page, 'keys');
      await page.keyboard.press('Escape');
      await page.getByRole('searchbox').fill('mongo');
      await shot(page, 'forwards-nothing');
      await page.getByRole('searchbox').fill('');
      await page.getByRole('button', { name: 'Add', exact: true }).click();
      await shot(page, 'forwards-add');
      await page.keyboard.press('Escape');
      await show(page, '#/hosts/shop-staging');
      await page.getByRole('heading', { level: 1, name: 'shop-staging' }).waitFor();
      await shot(page, 'host');
      await page.getByRole('button', { name: 'Test', exact: true }).click();
      await page.getByText('Stopped at').waitFor();
      await shot(page, 'host-test');
      await show(page, '#/hosts/old-ci');
      await page.getByRole('heading', { name: 'old-ci' }).waitFor();
      await shot(page, 'host-failed');
      await show(page, '#/hosts');
      await page.getByLabel('Target').fill('metal-02');
      await page.getByRole('button', { name: 'Test', exact: true }).click();
      await page.getByText('Stopped at').waitFor();
      await shot(page, 'hosts-add');
      await shotStacks(page, engine);
      await shotLogs(page);
      await shotTimeline(page, engine);
      await show(page, '#/rules');
      await page.getByRole('button', { name: /postgres/ }).click();
      await page.getByText('Matches 1 of').waitFor();
      await page.getByLabel('Local port').fill('25432');
      await page.getByText('changes 1').waitFor();
      await shot(page, 'rules');
      await show(page, '#/settings');
      await page.getByRole('button', { name: 'Export' }).waitFor();
      await shot(page, 'settings');
      engine.store.update((state) => ({ ...state, mode: 'desktop' }));
      await page.getByRole('switch', { name: 'Start at login' }).waitFor();
      await page.setViewportSize({ width: 1080, height: 1400 });
      await shot(page, 'settings-desktop');
      await page.setViewportSize({ width: 1080, height: 720 });
      const profile = { towline: 'profile', version: 1, hosts: [{ id: 'nas-2', target: 'nas-2' }], log: {} };
      await page.getByLabel('File to import').setInputFiles({
        name: 'mine.json',
        mimeType: 'application/json',
        buffer: Buffer.from(JSON.stringify(profile)),
      });
      await page.getByRole('dialog').waitFor();
      await shot(page, 'settings-import');
      await page.keyboard.press('Escape');
    });

    test('prompts, first run and narrow windows are drawn', async ({ page, stage }) => {
      const engine = await stage.open(new SceneEngine());
      for (const [name, request] of Object.entries(prompts)) {
        engine.store.updateHost('gpu-lab', ({ reason: _, ...host }) => ({
          ...host,
          state: 'authenticating',
          prompt: { id: name, request: structuredClone(request) as never },
        }));
        await page.getByRole('dialog').waitFor();
        await shot(page, `prompt-${name}`);
      }
      engine.store.updateHost('gpu-lab', ({ prompt: _, ...host }) => ({ ...host, state: 'idle' }));
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await page.setViewportSize({ width: 360, height: 560 });
      await show(page, '#/popover');
      await page.getByRole('heading', { name: /ports on localhost/ }).waitFor();
      await page.getByRole('listitem').first().hover();
      await shot(page, 'popover');
      await show(page, '#/forwards');
      await page.setViewportSize({ width: 720, height: 480 });
      await shot(page, 'narrow-forwards');
      await show(page, '#/hosts/shop-staging');
      await shot(page, 'narrow-host');
      await show(page, '#/stacks/shop');
      await page.getByRole('button', { name: 'Deploy shop', exact: true }).click();
      engine.stacks.build('shop');
      await page.getByText('dist/worker.js').waitFor();
      await shot(page, 'narrow-stacks');
      await show(page, '#/settings');
      await shot(page, 'narrow-settings');
      await page.setViewportSize({ width: 1080, height: 720 });
      await show(page, '#/forwards');
      const many = Array.from({ length: 60 }, (_, i) => forwardView(`app-${i}`, 20_000 + i, { project: 'many' }));
      engine.store.updateHost('nas', (host) => ({
        ...host,
        state: 'ready',
        forwards: Object.fromEntries(many.map((one) => [one.id, one])),
      }));
      await page.getByRole('row', { name: /nas/ }).first().scrollIntoViewIfNeeded();
      await shot(page, 'forwards-many');
      engine.store.update((state) => ({ ...state, stacks: {} }));
      await show(page, '#/stacks');
      await page.getByText('No stack yet').waitFor();
      await shot(page, 'stacks-none');
      await show(page, '#/forwards');
      engine.store.update((state) => ({ ...state, hosts: {} }));
      await page.getByRole('heading', { name: 'Which host should be on localhost?' }).waitFor();
      await page.getByRole('option').first().waitFor();
      await shot(page, 'first-run');
      expect(engine.attending).toBe(1);
    });
  });
}
