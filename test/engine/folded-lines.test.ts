import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FoldedLines, type FoldedLine } from '../../engine/folded-lines.ts';
import { TestClock } from '../support/test-clock.ts';

function make(): { clock: TestClock; folded: FoldedLines<'warn'>; say: (message: string) => void; told: string[] } {
  const clock = new TestClock();
  const told: string[] = [];
  const folded = new FoldedLines<'warn'>(clock, ({ message, fields }: FoldedLine<'warn'>) => {
    told.push('repeated' in fields ? `${message} ×${String(fields['repeated'])}` : message);
  });
  return { clock, folded, told, say: (message) => folded.write({ level: 'warn', message, fields: {} }) };
}

test('lines that come in turn are counted as one that comes alone is', () => {
  const { say, told } = make();
  for (let time = 0; time < 1_000; time += 1) for (const line of ['lost', 'ready']) say(line);
  say('stopped');
  expect(told).toEqual(['lost', 'ready', 'lost ×999', 'ready ×999', 'stopped']);
});

test('one that comes again after a minute is written again, after its count', async () => {
  const { clock, say, told } = make();
  say('lost');
  say('lost');
  await clock.advance(60_000);
  say('lost');
  expect(told).toEqual(['lost', 'lost ×1', 'lost']);
});

test('it waits for nothing: no timer runs', () => {
  const { clock, say } = make();
  for (let time = 0; time < 3; time += 1) say('lost');
  expect(clock.pending).toBe(0);
});

test('whatever comes and when, every line is written or counted', async () => {
  const step = fc.oneof(
    fc.nat(30).map((line) => ({ line })),
    fc.nat(40_000).map((waitMs) => ({ waitMs })),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 200 }), async (steps) => {
      const { clock, folded, say, told } = make();
      const said = new Map<string, number>();
      for (const each of steps) {
        if ('waitMs' in each) await clock.advance(each.waitMs);
        else {
          say(`l${each.line}`);
          said.set(`l${each.line}`, (said.get(`l${each.line}`) ?? 0) + 1);
        }
      }
      folded.flush();
      const counted = new Map<string, number>();
      for (const line of told) {
        const [name = '', count = '1'] = line.split(' ×');
        counted.set(name, (counted.get(name) ?? 0) + Number(count));
      }
      expect(counted).toEqual(said);
    }),
    { numRuns: 100 },
  );
});
