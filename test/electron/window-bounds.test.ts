import { expect, test } from 'vitest';
import { popoverPlace, windowPlace } from '../../electron/window-bounds.ts';

const display = { x: 0, y: 0, width: 1920, height: 1080 };
const usual = { width: 1080, height: 720 };
const least = { width: 720, height: 480 };
const place = (remembered: typeof display | undefined, displays = [display]) =>
  windowPlace(remembered, displays, usual, least);

test('a window opens where it was, and in the middle the first time', () => {
  expect(place(undefined)).toEqual(usual);
  const before = { x: 100, y: 50, width: 900, height: 600 };
  expect(place(before)).toEqual(before);
});

test('a window that was on a display which is gone keeps its size and comes to the middle', () => {
  expect(place({ x: 2500, y: 50, width: 900, height: 600 })).toEqual({ width: 900, height: 600 });
  expect(place({ x: 1900, y: 1060, width: 900, height: 600 })).toEqual({ width: 900, height: 600 }); // only a corner is left
});

test('a window is never smaller than its least size', () => {
  expect(place({ x: 0, y: 0, width: 300, height: 200 })).toEqual({ x: 0, y: 0, ...least });
});

test('the popover hangs under an icon at the top, stands on one at the bottom, and stays on the display', () => {
  const area = { x: 0, y: 25, width: 1440, height: 875 };
  const size = { width: 360, height: 420 };
  expect(popoverPlace({ x: 1000, y: 0, width: 22, height: 24 }, area, size)).toEqual({ x: 831, y: 25 });
  expect(popoverPlace({ x: 1430, y: 0, width: 22, height: 24 }, area, size)).toEqual({ x: 1080, y: 25 });
  const taskbar = { x: 0, y: 0, width: 1440, height: 860 };
  expect(popoverPlace({ x: 5, y: 865, width: 30, height: 30 }, taskbar, size)).toEqual({ x: 0, y: 440 });
});
