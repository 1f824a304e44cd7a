import type { Look } from '../../shared/words.ts';

/** The strokes of the line for one state, in px; `y` is how deep it hangs at `x`. */
export interface LineShape {
  readonly cable: string;
  /** The part that is not there: between the line's end and the host, or all of it. */
  readonly ghost: string | undefined;
  readonly dashed: boolean;
  readonly height: number;
  y(x: number): number;
}

/** What hangs on the line, and where. */
export interface Drop {
  readonly x: number;
  readonly port: number;
  readonly look: Look;
  readonly label: string | undefined;
}

export interface LineLoad {
  readonly drops: readonly Drop[];
  /** How many more there are than fit. */
  readonly more: number;
}

const top = 10;
const sag = 32;
const inset = 6;
const mostDrops = 24;
const charPx = 6.7;

/** Taut, slack, dashed, ending short, parted or dotted. All whole lines have the same commands, so that one can turn into another. */
export function lineShape(look: Look, width: number): LineShape {
  const end = width - inset;
  const curve = (deep: number): string => `M${inset} ${top}Q${width / 2} ${top + deep} ${end} ${top}`;
  const taut = { cable: curve(0), ghost: undefined, dashed: false, height: 46, y: () => top };
  switch (look) {
    case 'degraded':
    case 'holding': {
      const at = (x: number): number => (x - inset) / (end - inset);
      return { ...taut, cable: curve(sag), height: 54, y: (x) => top + 2 * at(x) * (1 - at(x)) * sag };
    }
    case 'connecting':
      return { ...taut, dashed: true };
    case 'needs-you':
      return { ...taut, cable: `M${inset} ${top}H${width - 40}`, ghost: `M${width - 34} ${top}H${width - 14}` };
    case 'error': {
      const middle = width / 2;
      const cable = `M${inset} ${top}H${middle - 40}q14 0 20 12M${end} ${top}H${middle + 40}q-14 0 -20 12`;
      return { ...taut, cable };
    }
    case 'off':
    case 'paused':
    case 'not-carried':
      return { ...taut, cable: '', ghost: curve(0) };
    case 'on':
      return taut;
  }
}

/** Labels go when they would touch, then the dots close up, and past 24 a count stands at the end. */
export function hang(ports: readonly { readonly port: number; readonly look: Look }[], width: number): LineLoad {
  const first = Math.min(50, width / 6);
  const room = width - first - 24;
  const shown = ports.slice(0, mostDrops);
  const roomy = shown.map(({ port }) => String(port).length * charPx + 44);
  const tight = roomy.map((px) => px - 22);
  const gaps = [roomy, tight].find((candidate) => sum(candidate) <= room);
  const more = ports.length - shown.length;
  if (gaps !== undefined) return { drops: place(shown, first, gaps, true), more };
  const gap = Math.min(18, (room - (more > 0 ? 36 : 0)) / shown.length);
  return {
    drops: place(
      shown,
      first,
      shown.map(() => gap),
      false,
    ),
    more,
  };
}

function place(
  ports: readonly { readonly port: number; readonly look: Look }[],
  first: number,
  gaps: readonly number[],
  labelled: boolean,
): Drop[] {
  return ports.map(({ port, look }, i) => ({
    x: Math.round((first + sum(gaps.slice(0, i))) * 10) / 10,
    port,
    look,
    label: labelled ? String(port) : undefined,
  }));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
