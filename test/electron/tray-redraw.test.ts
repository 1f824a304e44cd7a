import { expect, test } from 'vitest';
import { trayModel, type TrayModel } from '../../electron/tray-model.ts';
import { TrayRedraw } from '../../electron/tray-redraw.ts';
import { appState, forwardView, hostView } from '../engine/serve/fake-engine.ts';
import { TestClock } from '../support/test-clock.ts';

function withPorts(count: number): TrayModel {
  const forwards = Array.from({ length: count }, (_, port) => forwardView(`c${port}`, 8000 + port));
  const host = hostView('shop', { forwards: Object.fromEntries(forwards.map((forward) => [forward.id, forward])) });
  return trayModel({ state: appState([host]), startAtLogin: undefined });
}

function setUp() {
  const clock = new TestClock();
  const drawn: string[] = [];
  let model = withPorts(0);
  const redraw = new TrayRedraw({
    clock,
    model: () => model,
    drawFace: ({ count }) => void drawn.push(`face ${count}`),
    drawMenu: (menu) => void drawn.push(`menu of ${menu.length}`),
  });
  return {
    clock,
    redraw,
    drawn: () => drawn.splice(0),
    show: (next: TrayModel): void => {
      model = next;
      redraw.request();
    },
  };
}
const lines = (ports: number): string => `menu of ${withPorts(ports).menu.length}`;

test('the first change is drawn at once, those that follow together a moment later', async () => {
  const { clock, show, drawn } = setUp();
  show(withPorts(1));
  await clock.advance(0);
  expect(drawn()).toEqual(['face 1', lines(1)]);
  show(withPorts(2));
  show(withPorts(3));
  await clock.advance(249);
  expect(drawn()).toEqual([]);
  await clock.advance(1);
  expect(drawn()).toEqual(['face 3', lines(3)]);
});

test('a change of the state that the tray does not show is not drawn', async () => {
  const { clock, show, drawn } = setUp();
  show(withPorts(1));
  await clock.advance(1_000);
  drawn();
  show(withPorts(1));
  await clock.advance(1_000);
  expect(drawn()).toEqual([]);
  expect(clock.pending).toBe(0);
});

test('while the menu is open it stays as it is, the icon does not, and what was missed comes when it closes', async () => {
  const { clock, redraw, show, drawn } = setUp();
  show(withPorts(1));
  await clock.advance(1_000);
  drawn();
  redraw.menuDidOpen();
  show(withPorts(2));
  await clock.advance(1_000);
  expect(drawn()).toEqual(['face 2']);
  redraw.menuDidClose();
  await clock.advance(1_000);
  expect(drawn()).toEqual([lines(2)]);
});

test('nothing is drawn once it is disposed, and no timer is left', async () => {
  const { clock, redraw, show, drawn } = setUp();
  show(withPorts(1));
  await clock.advance(0);
  drawn();
  show(withPorts(2));
  redraw.dispose();
  show(withPorts(3));
  await clock.advance(1_000);
  expect(drawn()).toEqual([]);
  expect(clock.pending).toBe(0);
});
