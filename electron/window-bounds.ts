import type { Rectangle } from 'electron';

/** How much of a window must lie on a display for it to be found again, px. */
const graspPx = 120;

export interface WindowPlace {
  readonly width: number;
  readonly height: number;
  /** Undefined: in the middle of the main display. */
  readonly x?: number;
  readonly y?: number;
}

/** Where a window opens: where it was, as far as today's displays still show that place; never smaller than `least`. */
export function windowPlace(
  remembered: Rectangle | undefined,
  displays: readonly Rectangle[],
  usual: WindowPlace,
  least: WindowPlace,
): WindowPlace {
  if (remembered === undefined) return usual;
  const size = {
    width: Math.max(least.width, remembered.width),
    height: Math.max(least.height, remembered.height),
  };
  const seen = displays.some((display) => overlap(remembered, display));
  return seen ? { ...size, x: remembered.x, y: remembered.y } : size;
}

/** Where the popover opens: under or above the icon, whichever side has room, and on the icon's display. */
export function popoverPlace(icon: Rectangle, area: Rectangle, size: WindowPlace): { x: number; y: number } {
  const below = icon.y + icon.height / 2 < area.y + area.height / 2;
  const middle = Math.round(icon.x + icon.width / 2 - size.width / 2);
  return {
    x: Math.min(Math.max(middle, area.x), area.x + area.width - size.width),
    y: below ? Math.max(icon.y + icon.height, area.y) : Math.min(icon.y, area.y + area.height) - size.height,
  };
}

function overlap(a: Rectangle, b: Rectangle): boolean {
  const wide = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const high = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return wide >= graspPx && high >= graspPx;
}
