import { test as base, expect, type Page } from '@playwright/test';
import { silentLogger } from '../../engine/base/logger.ts';
import { openWebDoor } from '../../engine/serve/web-door.ts';
import type { FakeEngine } from '../engine/serve/fake-engine.ts';
import { SceneEngine } from './scene.ts';

/** The app in front of an engine: `open` shows it. A console error, or anything the policy refused, fails the test. */
export interface Stage {
  open<E extends FakeEngine>(engine: E): Promise<E>;
}

/** So many times slower than it is, to meet what a busy machine shows: `TOWLINE_UI_SLOWDOWN=6`. */
const slowdown = Number(process.env['TOWLINE_UI_SLOWDOWN'] ?? 1);

export const test = base.extend<{ stage: Stage; engine: SceneEngine }>({
  page: async ({ page }, use) => {
    const devTools = await page.context().newCDPSession(page);
    await devTools.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
    await use(page);
  },
  stage: async ({ page }, use) => {
    const said = complaints(page);
    const doors: { dispose(): void | Promise<void> }[] = [];
    await use({
      async open(engine) {
        const door = await openWebDoor({ commands: engine, log: silentLogger, port: 0 });
        doors.push(door);
        await page.goto(door.url);
        return engine;
      },
    });
    await page.goto('about:blank');
    for (const door of doors) await door.dispose();
    expect(said).toEqual([]);
  },
  engine: async ({ stage, page }, use) => {
    const engine = await stage.open(new SceneEngine());
    await page.getByRole('treegrid', { name: 'Forwards' }).waitFor();
    await use(engine);
  },
});

/** Goes to a view as a link would. */
export async function show(page: Page, hash: string): Promise<void> {
  await page.evaluate((to) => (window.location.hash = to), hash);
}

function complaints(page: Page): string[] {
  const said: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') said.push(message.text());
  });
  page.on('pageerror', (error) => said.push(String(error)));
  return said;
}

export { expect };
