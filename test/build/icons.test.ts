import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { trayImage } from '../../electron/tray-images.ts';
import type { TrayIcon } from '../../electron/tray-summary.ts';
import { decodePng, type Picture } from './png.ts';

const build = join(import.meta.dirname, '../../build');
const states: readonly TrayIcon[] = ['off', 'connecting', 'on', 'degraded', 'needs-you', 'error'];
const forms = [
  { platform: 'darwin', dark: false, size: 16 },
  { platform: 'linux', dark: false, size: 22 },
  { platform: 'linux', dark: true, size: 22 },
] as const;

function trayPicture(state: TrayIcon, { platform, dark }: (typeof forms)[number], density = 1): Picture {
  const file = trayImage(join(build, 'tray'), state, platform, dark);
  return decodePng(readFileSync(density === 1 ? file : file.replace('.png', '@2x.png')));
}

/** The pixels that have ink, at least half of it. */
function shape({ pixels }: Picture): boolean[] {
  return Array.from({ length: pixels.length / 4 }, (_, pixel) => (pixels[pixel * 4 + 3] ?? 0) >= 128);
}

test('each state of the tray has its picture for each platform, at single and double density', () => {
  for (const state of states) {
    for (const form of forms) {
      for (const density of [1, 2]) {
        const side = form.size * density;
        expect(trayPicture(state, form, density)).toMatchObject({ width: side, height: side });
      }
    }
  }
});

test("macOS's pictures are templates: black, with their shape in the alpha channel alone", () => {
  for (const state of states) {
    const { pixels } = trayPicture(state, forms[0], 2);
    expect(pixels.every((value, at) => at % 4 === 3 || value === 0)).toBe(true);
    expect(shape(trayPicture(state, forms[0], 2)).filter(Boolean).length).toBeGreaterThan(100);
  }
});

test('every two states are told apart by shape alone, down to the smallest picture', () => {
  const shapes = states.map((state) => shape(trayPicture(state, forms[0])));
  const differing = shapes.flatMap((one, index) =>
    shapes.slice(index + 1).map((other) => one.filter((ink, pixel) => ink !== other[pixel]).length),
  );
  expect(Math.min(...differing)).toBeGreaterThanOrEqual(15);
});

test('the pictures for dark and light panels have one shape in two colours', () => {
  for (const state of states) {
    const [light, dark] = [trayPicture(state, forms[1]), trayPicture(state, forms[2])];
    const ink = (picture: Picture): number => picture.pixels[shape(picture).indexOf(true) * 4] ?? -1;
    expect(shape(light)).toEqual(shape(dark));
    expect(ink(dark) - ink(light)).toBeGreaterThan(150);
  }
});

test("the app's icon is there in every size that desktops look for", () => {
  for (const size of [16, 24, 32, 48, 64, 128, 256, 512, 1024]) {
    const picture = decodePng(readFileSync(join(build, 'icons', `${size}x${size}.png`)));
    expect(picture).toMatchObject({ width: size, height: size });
    expect(picture.pixels[3]).toBe(0); // round corners
  }
});

test("Apple's icon holds a picture of the right size for each of its types", () => {
  const file = readFileSync(join(build, 'icons', 'icon.icns'));
  expect(file.toString('latin1', 0, 4)).toBe('icns');
  expect(file.readUInt32BE(4)).toBe(file.length);
  const sizes: number[] = [];
  for (let at = 8; at < file.length; at += file.readUInt32BE(at + 4)) {
    sizes.push(decodePng(file.subarray(at + 8, at + file.readUInt32BE(at + 4))).width);
  }
  expect([...new Set(sizes)].sort((a, b) => a - b)).toEqual([16, 32, 64, 128, 256, 512, 1024]);
});
