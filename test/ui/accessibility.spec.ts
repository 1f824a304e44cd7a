import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';
import { expect, show, test } from './fixtures.ts';

const axeFile = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

interface Finding {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** What axe-core calls serious or worse. It comes in by the debugger, past the page's policy. */
async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(await readFile(axeFile, 'utf8'));
  const violations = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(): Promise<{ violations: Finding[] }> } };
    return (await axe.run()).violations;
  });
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary}`));
}

const warnings = {
  churn: {
    ...{ id: 'churn', code: 'connections-churning' as const, hostId: 'build-01', since: 0, announcedAt: 0 },
    ...{ message: '14 connections within an hour', hint: 'Look at the timeline.' },
  },
};

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, contextOptions: { reducedMotion: 'reduce' } });

    test('no view has a serious finding', async ({ page, engine }) => {
      const found: Record<string, string[]> = {};
      const look = async (name: string): Promise<void> => {
        const findings = await seriousFindings(page);
        if (findings.length > 0) found[name] = findings;
      };
      await page.getByRole('row', { name: /localhost:3001/ }).focus();
      await page.keyboard.press('Space');
      await look('forwards');
      await page.keyboard.press('Shift+F10');
      await look('menu');
      await page.keyboard.press('Escape');
      await page.keyboard.press('?');
      await look('keys');
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Add', exact: true }).click();
      await look('add');
      await page.keyboard.press('Escape');
      await page.getByRole('searchbox').fill('nothing of that name');
      await look('nothing');
      for (const hash of [
        '#/hosts/shop-staging',
        '#/hosts/old-ci',
        '#/hosts',
        '#/rules',
        '#/stacks/metrics',
        '#/settings',
        '#/logs',
        '#/timeline',
        '#/timeline/shop-staging',
      ]) {
        await show(page, hash);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await look(hash);
      }
      await show(page, '#/stacks');
      await page.getByRole('button', { name: 'Deploy shop' }).click();
      engine.stacks.build('shop');
      await page.getByText('dist/worker.js').waitFor();
      await page.getByRole('button', { name: 'Dry run of edge' }).click();
      await page.getByText('3.1 kB to send').waitFor();
      await look('stacks');
      await show(page, '#/logs/shop-staging/shop');
      await page.getByText('POST /checkout 200 440ms').waitFor();
      await page.getByRole('searchbox').fill('gateway');
      await page.getByRole('status').filter({ hasText: /^2$/ }).waitFor();
      await look('log');
      await page.getByRole('button', { name: 'Open at a time' }).click();
      await look('log, time');
      await page.keyboard.press('Escape');
      engine.store.update((state) => ({ ...state, alerts: warnings }));
      await page.getByText('14 connections').waitFor();
      await look('warnings');
      await show(page, '#/popover');
      await page.getByRole('heading', { name: /ports on localhost/ }).waitFor();
      await look('popover');
      await show(page, '#/forwards');
      engine.store.updateHost('nas', (host) => ({
        ...host,
        prompt: { id: '1', request: { kind: 'passphrase', hostId: 'nas', keyFile: '~/.ssh/id', wrongBefore: true } },
      }));
      await page.getByRole('dialog').waitFor();
      await look('prompt');
      engine.store.update((state) => ({ ...state, hosts: {} }));
      await show(page, '#/forwards');
      await page.getByRole('option').first().waitFor();
      await look('first run');
      expect(found).toEqual({});
    });
  });
}

test('with forced colours every state keeps its shape', async ({ page, engine }) => {
  await page.emulateMedia({ forcedColors: 'active' });
  expect(engine.attending).toBe(1);
  const glyphs = page.locator('.StateGlyph svg');
  const unlike = await glyphs.evaluateAll(
    (all) => new Set(all.map((glyph) => `${glyph.innerHTML} ${getComputedStyle(glyph).color}`)).size,
  );
  const colours = await glyphs.evaluateAll((all) => new Set(all.map((glyph) => getComputedStyle(glyph).color)).size);
  expect({ colours, fewShapes: unlike < 5 }).toEqual({ colours: 1, fewShapes: false });
});
