import { Duplex, PassThrough, Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { Conversation, type RemoteMessage } from '../../../engine/deploy/conversation.ts';
import type { DeploySession } from '../../../engine/deploy/session.ts';

/** A session whose far side is the test. */
class FakeSession extends Duplex implements DeploySession {
  readonly stderr = new PassThrough();
  readonly written: Buffer[] = [];

  override _read(): void {
    // what comes is pushed by the test
  }

  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.written.push(chunk);
    done();
  }
}

async function heard(parts: readonly (string | Buffer)[], stderr = ''): Promise<RemoteMessage[]> {
  const session = new FakeSession();
  const conversation = new Conversation(session, { nonce: 'n0' });
  session.stderr.end(stderr);
  for (const part of parts) session.push(part);
  session.push(null);
  const messages: RemoteMessage[] = [];
  for await (const message of conversation.messages()) messages.push(message);
  session.destroy();
  return messages;
}

test('the program goes first, with its length; parameters follow as escaped words and an empty line', () => {
  const session = new FakeSession();
  new Conversation(session, { nonce: 'n0', dir: "~/it's $(here)" });
  const [length = '', ...rest] = Buffer.concat(session.written).toString().split('\n');
  const text = rest.join('\n');
  expect(text.slice(Number(length))).toBe('nonce=n0\ndir=\\0176/it\\0047s\\0040\\0044\\0050here\\0051\n\n');
  session.destroy();
});

test('only lines with the nonce are words of the program, wherever the stream is cut', async () => {
  const bytes = Buffer.from('@n0 stage building\n@n1 done succeeded\nüber @n0 x\r\n@n0 ready\nlast');
  const expected = [
    { kind: 'word', word: 'stage', text: 'building' },
    { kind: 'output', text: '@n1 done succeeded' },
    { kind: 'output', text: 'über @n0 x' },
    { kind: 'word', word: 'ready', text: '' },
    { kind: 'output', text: 'last' },
  ];
  expect(await heard([bytes])).toEqual(expected);
  expect(await heard([...bytes].map((byte) => Buffer.from([byte])))).toEqual(expected);
});

test('what comes on stderr is output, even if it looks like a word of the program', async () => {
  expect(await heard([], '@n0 done succeeded\n')).toEqual([{ kind: 'output', text: '@n0 done succeeded' }]);
});

test('the sign of life on stderr is no output', async () => {
  expect(await heard([], '@n0 alive\n')).toEqual([{ kind: 'word', word: 'alive', text: '' }]);
});

test('a channel that breaks ends the messages without an error', async () => {
  const session = new FakeSession();
  const conversation = new Conversation(session, { nonce: 'n0' });
  const messages = conversation.messages();
  const first = messages.next();
  session.push('@n0 ready\n');
  expect((await first).value).toEqual({ kind: 'word', word: 'ready', text: '' });
  session.destroy(new Error('connection lost'));
  session.stderr.destroy();
  expect((await messages.next()).done).toBe(true);
  expect(conversation.isLost).toBe(true);
});

test('an archive follows the line that announces it, every byte is counted, and stdin stays open', async () => {
  const session = new FakeSession();
  const conversation = new Conversation(session, { nonce: 'n0' });
  session.written.length = 0;
  let sent = 0;
  const archive = Readable.from(['abc', 'x'.repeat(100_000)].map((part) => Buffer.from(part)));
  await conversation.send('receive', archive, 100_003, (bytes) => (sent += bytes), new AbortController().signal);
  conversation.say('commit');
  expect(Buffer.concat(session.written).toString()).toBe(`receive 100003\nabc${'x'.repeat(100_000)}commit\n`);
  expect(sent).toBe(100_003);
  session.destroy();
});
