import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DisposableStore } from '../../../engine/base/disposables.ts';
import { memoryConnection } from '../../../engine/demo/memory-stream.ts';
import type { SshLink } from '../../../engine/ssh/link.ts';
import { overSsh2 } from '../../../engine/ssh/ssh2-link.ts';
import { TestClock } from '../../support/test-clock.ts';
import { startTestSshd, type TestSshd, type TestSshdOptions } from '../../support/test-sshd.ts';
import { waitFor } from '../../support/wait-for.ts';
import { planFor } from './test-plan.ts';

const there = { host: '127.0.0.1', port: 80 };
const here = { address: '127.0.0.1', port: 0 };

let owned: DisposableStore;
beforeEach(() => {
  owned = new DisposableStore();
});
afterEach(() => owned.dispose());

async function linked(options: TestSshdOptions = {}): Promise<{ link: SshLink; sshd: TestSshd }> {
  const sshd = owned.add(await startTestSshd({ openTcp: () => memoryConnection()[0], ...options }));
  const connect = overSsh2(planFor(sshd.port), new TestClock());
  const link = await connect({ signal: new AbortController().signal, onTransportUp: () => undefined });
  owned.defer(() => link.close());
  return { link, sshd };
}

/** The source of what a channel reads, and the link to open it over. */
async function fed(): Promise<{ link: SshLink; sshd: TestSshd; source: Duplex }> {
  const [source, served] = memoryConnection();
  source.on('error', () => undefined);
  return { ...(await linked({ openTcp: () => served })), source };
}

test('it knows what it is connected to, and what was agreed upon', async () => {
  const { link } = await linked();
  expect(link.ident).toMatch(/^SSH-2\.0-/);
  expect(link.algorithms).toMatchObject({ hostKey: 'ssh-ed25519', cipher: expect.any(String) as unknown });
});

test('a session has output, stderr and an exit', async () => {
  const { link } = await linked({
    exec: (command, { stdout, stderr }) => {
      stdout.write(`ran ${command}`);
      stderr.write('with a warning');
      return Promise.resolve(7);
    },
  });
  const session = await link.openSession('make');
  const exit = once(session, 'exit');
  session.end();
  expect(await Promise.all([text(session), text(session.stderr), exit])).toEqual(['ran make', 'with a warning', [7]]);
});

test('a loss is an error on each channel first, which does not end as if all had been said, then the link’s close', async () => {
  const { link, sshd, source } = await fed();
  const channel = await link.openTcp(there, here);
  source.write('half of an ans');
  const heard: string[] = [];
  channel.on('data', () => heard.push('data'));
  for (const name of ['error', 'end', 'close']) channel.on(name, () => heard.push(name));
  const gone = new Promise((resolve) => link.onDidClose(resolve));
  await waitFor(() => heard.includes('data'), { what: 'data' });
  sshd.network.cut();
  expect(await gone).toBeInstanceOf(Error);
  await waitFor(() => heard.includes('close'), { what: 'the close of the channel' });
  expect(heard.slice(0, 2)).toEqual(['data', 'error']);
  await expect(link.openTcp(there, here)).rejects.toMatchObject({ reason: 'not-connected' });
});

test('who subscribes after the loss hears of it, everybody once', async () => {
  const { link, sshd } = await linked();
  const heard: string[] = [];
  const gone = new Promise<void>((resolve) => {
    link.onDidClose(() => {
      heard.push('before');
      resolve();
    });
  });
  sshd.network.cut();
  await gone;
  await new Promise<void>((resolve) => {
    link.onDidClose(() => {
      heard.push('after');
      resolve();
    });
  });
  expect(heard).toEqual(['before', 'after']);
});

test('a close on purpose breaks off the channels, leaves no connection, and is no news', async () => {
  const { link, sshd } = await linked();
  const channel = await link.openTcp(there, here);
  const closed = once(channel, 'close').catch(() => 'an error');
  let news = 0;
  link.onDidClose(() => (news += 1));
  void link.close();
  void link.close();
  await closed;
  await waitFor(() => sshd.counts.connectionsOpen === 0, { what: 'no connection' });
  expect(news).toBe(0);
});

test('a server that lives gives a sign of it, a frozen one none until it thaws', async () => {
  const { link, sshd } = await linked();
  await link.signOfLife();
  sshd.network.freeze();
  let alive = false;
  const sign = link.signOfLife().then(() => (alive = true));
  await new Promise((resolve) => void setImmediate(resolve));
  expect(alive).toBe(false);
  sshd.network.thaw();
  await sign;
});
