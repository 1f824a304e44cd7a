import { expect, test } from 'vitest';
import { silentLogger } from '../../../engine/base/logger.ts';
import { SshConnection, type Connect } from '../../../engine/ssh/connection.ts';
import type { SshLink } from '../../../engine/ssh/link.ts';
import { TestClock } from '../../support/test-clock.ts';

/** A connection that is being made by `connect`, and what tells whether it has been disposed of. */
async function disposing(connect: Connect): Promise<{ isOver: () => boolean; over: Promise<void> }> {
  const clock = new TestClock();
  const connection = new SshConnection({ where: 'lab', connect, clock, log: silentLogger });
  connection.start();
  await clock.advance(0);
  let isOver = false;
  const over = connection.dispose().then(() => {
    isOver = true;
  });
  await clock.advance(0);
  return { isOver: () => isOver, over };
}

test('a connection is disposed of when its link has closed', async () => {
  const closed = Promise.withResolvers<void>();
  const link = { ident: 'lab', onDidClose: () => ({ dispose: () => undefined }), close: () => closed.promise };
  const { isOver, over } = await disposing(() => Promise.resolve(link as unknown as SshLink));
  expect(isOver()).toBe(false);
  closed.resolve();
  await over;
});

test('a connection that is being made is disposed of when the attempt has ended, and a link that comes late has closed', async () => {
  const made = Promise.withResolvers<SshLink>();
  const closed = Promise.withResolvers<void>();
  const { isOver, over } = await disposing(() => made.promise);
  made.resolve({ close: () => closed.promise } as SshLink);
  expect(isOver()).toBe(false);
  closed.resolve();
  await over;
});
