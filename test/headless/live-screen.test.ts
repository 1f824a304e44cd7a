import { expect, test } from 'vitest';
import { LiveScreen } from '../../headless/live-screen.ts';

/** What a terminal of that width shows after what was written: the few sequences that are used, and no more. */
function terminal(columns: number) {
  const rows: string[] = [''];
  const writes: string[] = [];
  let row = 0;
  const put = (text: string): void => {
    writes.push(text);
    for (const [part] of text.matchAll(/\x1b\[(\d*)([AJK])|\r|\n|[^\r\n\x1b]+/g)) {
      const sequence = /^\x1b\[(\d*)([AJK])$/.exec(part);
      if (sequence?.[2] === 'A') row -= Number(sequence[1]);
      else if (sequence?.[2] === 'J') rows.splice(row, Infinity, '');
      else if (part === '\n') rows[(row += 1)] ??= '';
      else if (part !== '\r' && sequence === null) rows[row] = part;
    }
  };
  return {
    columns,
    rows: 24,
    write: put,
    lines: () => rows.filter((line, at) => at < rows.length - 1 || line !== ''),
    writes,
  };
}

test('lines are redrawn in place; only what differs is written, in one piece', () => {
  const screen = terminal(80);
  const live = new LiveScreen(screen);
  live.draw(['one', 'two', 'three']);
  live.draw(['one', 'TWO', 'three']);
  expect(screen.lines()).toEqual(['one', 'TWO', 'three']);
  expect(screen.writes.at(-1)).not.toMatch(/one|three/);
  expect(screen.writes).toHaveLength(2);
});

test('the same lines again write nothing', () => {
  const screen = terminal(80);
  const live = new LiveScreen(screen);
  live.draw(['one']);
  live.draw(['one']);
  expect(screen.writes).toHaveLength(1);
});

test('fewer lines leave nothing behind, and more find their place', () => {
  const screen = terminal(80);
  const live = new LiveScreen(screen);
  live.draw(['one', 'two', 'three']);
  live.draw(['one']);
  expect(screen.lines()).toEqual(['one']);
  live.draw(['one', 'two']);
  expect(screen.lines()).toEqual(['one', 'two']);
});

test('after a release the drawing stays and the next one begins below', () => {
  const screen = terminal(80);
  const live = new LiveScreen(screen);
  live.draw(['one']);
  live.release();
  live.draw(['two']);
  expect(screen.lines()).toEqual(['one', 'two']);
});

test('a terminal that does not know its size is taken for an ordinary one', () => {
  const live = new LiveScreen({ columns: 0, rows: 0, write: () => true });
  expect([live.width, live.height]).toEqual([80, 23]);
});
