import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { icns, icnsSizes } from './icns.ts';

/**
 * `npm run icons`: makes every picture of the app and of the tray out of the drawings beside them. The pictures are committed, as
 * a build has no browser. The system's Chromium draws.
 */

const at = (...parts: readonly string[]): string => join(import.meta.dirname, ...parts);
const states = ['off', 'connecting', 'on', 'degraded', 'needs-you', 'error'];
/** Below it the small drawing is clearer. */
const largeFrom = 48;
const linuxSizes = [16, 24, 32, 48, 64, 128, 256, 512, 1024];
/** Apple's icons leave more room around them: the tile is 824 of 1024. The drawing's is 448 of 512. */
const appleView = '-22.4 -22.4 556.8 556.8';

const browser = await chromium.launch({
  executablePath: process.env['TOWLINE_CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run', '--disable-lcd-text'],
});
try {
  const page = await browser.newPage();
  await renderTray(page);
  await renderApp(page);
} finally {
  await browser.close();
}

async function renderTray(page: Page): Promise<void> {
  const sheet = await readFile(at('tray', 'tray.svg'), 'utf8');
  for (const state of states) {
    for (const density of [1, 2]) {
      const suffix = density === 1 ? '.png' : '@2x.png';
      const write = async (form: string, cell: number, ink: string): Promise<void> =>
        writeFile(
          at('tray', `tray-${state}${form}${suffix}`),
          await cellOf(page, sheet, `${state}-${cell}`, cell * density, ink),
        );
      await write('Template', 16, '#000');
      await write('-light', 22, '#1d2224'); // for light panels
      await write('-dark', 22, '#f4f6f6'); // for dark ones
    }
  }
}

async function renderApp(page: Page): Promise<void> {
  const large = await readFile(at('icons', 'app.svg'), 'utf8');
  const small = await readFile(at('icons', 'app-small.svg'), 'utf8');
  for (const size of linuxSizes) {
    await writeFile(at('icons', `${size}x${size}.png`), await drawn(page, size < largeFrom ? small : large, size));
  }
  const apple = new Map<number, Buffer>();
  for (const size of icnsSizes) {
    const drawing = size < largeFrom ? small : large.replace(/viewBox="[^"]*"/, `viewBox="${appleView}"`);
    apple.set(size, await drawn(page, drawing, size));
  }
  await writeFile(
    at('icons', 'icon.icns'),
    icns((pixels) => apple.get(pixels) ?? Buffer.alloc(0)),
  );
}

/** One picture of the sheet. */
async function cellOf(page: Page, sheet: string, id: string, size: number, ink: string): Promise<Buffer> {
  const inner = new RegExp(`<svg id="${id}"[^>]*(viewBox="[^"]*")>(.*?)</svg>`, 's').exec(sheet);
  if (inner === null) throw new Error(`tray.svg has no picture ${id}`);
  const [, viewBox = '', shapes = ''] = inner;
  return drawn(
    page,
    `<svg xmlns="http://www.w3.org/2000/svg" ${viewBox} fill="currentColor" color="${ink}">${shapes}</svg>`,
    size,
  );
}

/** The drawing as a PNG of so many pixels, on nothing. */
async function drawn(page: Page, svg: string, size: number): Promise<Buffer> {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(
    `<style>body { margin: 0 } svg { display: block; width: ${size}px; height: ${size}px }</style>${svg}`,
  );
  return page.screenshot({ omitBackground: true });
}
