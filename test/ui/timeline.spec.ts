import { expect, show, test } from './fixtures.ts';
import type { SceneEngine } from './scene.ts';

/** A line that breaks and comes back, a port that goes, a container that starts. */
function trouble({ store, timeline }: SceneEngine): void {
  const reason = {
    code: 'connection-lost',
    message: 'The connection was reset.',
    hint: 'It is tried again by itself.',
  };
  store.updateHost('build-01', (host) => ({ ...host, state: 'reconnecting', attempt: 1, reason }));
  store.updateHost('build-01', ({ reason: _, attempt: __, ...host }) => ({ ...host, state: 'ready' }));
  timeline.heard('shop-staging', { type: 'container', action: 'start', containerId: 'c1', name: 'shop-job-1' });
}

test('the timeline tells what happened on all hosts and on one, while it happens', async ({ page, engine }) => {
  trouble(engine);
  await page.keyboard.press('g');
  await page.keyboard.press('t');
  const timeline = page.getByRole('log', { name: 'Timeline' });
  await expect(timeline).toContainText('Connection lost: The connection was reset.');
  await expect(timeline).toContainText('It is tried again by itself.');
  await expect(timeline).toContainText('Container shop-job-1: start');
  await page.getByRole('combobox', { name: 'Host' }).selectOption('build-01');
  await expect(page).toHaveURL(/#\/timeline\/build-01$/);
  await expect(timeline.locator('[data-topic=line]')).toHaveCount(2);
  await expect(timeline).not.toContainText('shop-job-1');
  engine.timeline.heard('build-01', { type: 'container', action: 'die', containerId: 'c2', name: 'runner' });
  await expect(timeline).toContainText('Container runner: die');
  await page.getByRole('button', { name: 'Connection 2' }).click();
  await expect(timeline.locator('[data-topic=line]')).toHaveCount(0);
  await page.getByRole('button', { name: 'Connection 2' }).click();
  await page.keyboard.press('/');
  await page.keyboard.type('reset');
  await expect(timeline.locator('[data-topic]')).toHaveCount(1);
  await page.keyboard.type(' of nothing');
  await expect(page.getByText('Nothing of what is asked for has happened.')).toBeVisible();
});

test('what has lasted is said, and moments are told by the clock, as how long ago, and in UTC', async ({
  page,
  engine,
}) => {
  trouble(engine);
  await show(page, '#/timeline/build-01');
  await expect(page.getByRole('log', { name: 'Timeline' })).toContainText('Connected');
  engine.store.updateHost('build-01', (host) => ({ ...host, state: 'failed' }));
  const last = page.locator('.TimelineEntry', { hasText: 'Failed' });
  await expect(last).toContainText(/after \d/);
  await page.getByRole('button', { name: 'Times: local time' }).click();
  await expect(last.locator('time')).toHaveText(/ ago|just now/);
  await page.getByRole('button', { name: 'Times: how long ago' }).click();
  const iso = (await last.locator('time').getAttribute('datetime')) ?? '';
  await expect(last.locator('time')).toHaveText(iso.slice(11, 23));
});

test('a warning is shown in every view with what to do, is put away, and comes back when it is told of again', async ({
  page,
  engine,
}) => {
  const id = 'connections-churning build-01';
  const alert = {
    ...{ id, code: 'connections-churning' as const, hostId: 'build-01', since: Date.now() },
    message: '24 connections were opened to build-01 within an hour.',
    hint: 'Look at its timeline for why they end.',
  };
  const tell = (announcedAt: number): void =>
    engine.store.update((state) => ({ ...state, alerts: { [id]: { ...alert, announcedAt } } }));
  tell(1);
  const notice = page.getByRole('status').filter({ hasText: '24 connections' });
  await expect(notice).toContainText('Look at its timeline for why they end.');
  await page.getByRole('button', { name: /^Put away: 24 connections/ }).click();
  await expect(notice).toHaveCount(0);
  tell(2);
  await expect(notice).toBeVisible();
  await page.getByRole('link', { name: 'Show build-01' }).click();
  await page.getByRole('heading', { level: 1, name: 'build-01' }).waitFor();
  await expect(notice).toHaveCount(1);
  engine.store.update(({ alerts: _, ...state }) => state);
  await expect(notice).toHaveCount(0);
});

test('the event stream of a host says how it goes and why it ended before', async ({ page, engine }) => {
  engine.store.updateHost('shop-staging', (host) => ({
    ...host,
    events: {
      ...{ state: 'live', attempt: 3, startupMs: 41, timeToFirstEventMs: 212, received: 318, consecutiveFailures: 0 },
      ...{ lagMs: -4, liveSince: Date.now() - 61_000 },
      ended: [
        {
          ...{ at: Date.now() - 62_000, received: 12, totalMs: 5_000 },
          cause: { code: 'event-stream-silent', message: 'Docker was silent for 45 s.' },
        },
      ],
    },
  }));
  await show(page, '#/hosts/shop-staging');
  const card = page.locator('.Card', { hasText: 'Event stream' });
  for (const words of ['Attempt3', 'Started in41 ms', 'after 212 ms', '318 events', '−4 ms', '0 in a row'])
    await expect(card).toContainText(words);
  await expect(card).toContainText('Docker was silent for 45 s. 12 events in 5.0 s, event-stream-silent');
});

test('a forward whose other end does not answer says so and needs a look', async ({ page, engine }) => {
  engine.store.updateHost('build-01', (host) => ({
    ...host,
    forwards: Object.fromEntries(
      Object.entries(host.forwards).map(([key, forward]) => [
        key,
        forward.local.port === 3001
          ? {
              ...forward,
              unreached: { clients: 4, reason: { code: 'target-refused', message: '127.0.0.1:3001 refused it.' } },
            }
          : forward,
      ]),
    ),
  }));
  const row = page.getByRole('row', { name: /localhost:3001/ });
  await expect(row).toContainText('No answer');
  await expect(row).toContainText('The newest 4 clients were not let through: 127.0.0.1:3001 refused it.');
});
