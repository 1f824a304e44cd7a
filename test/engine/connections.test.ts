import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DisposableStore } from '../../engine/base/disposables.ts';
import { silentLogger } from '../../engine/base/logger.ts';
import { Connections } from '../../engine/connections.ts';
import { connector } from '../../engine/ssh/connector.ts';
import { generateSshKey, type SshKey } from '../../engine/demo/ssh-keys.ts';
import type { HostProfile } from '../../shared/host.ts';
import { TestClock } from '../support/test-clock.ts';
import { startTestSshd, type TestSshd } from '../support/test-sshd.ts';

const attempt = { signal: new AbortController().signal, onTransportUp: () => undefined };

let owned: DisposableStore;
let clock: TestClock;
let connections: Connections;
let sshd: TestSshd;
let key: SshKey;
let sshConfigFile: string;

beforeEach(async () => {
  owned = new DisposableStore();
  clock = new TestClock();
  key = generateSshKey();
  const home = await mkdtemp(join(tmpdir(), 'tl-'));
  owned.defer(() => rm(home, { recursive: true }));
  sshConfigFile = join(home, 'ssh_config');
  await writeFile(sshConfigFile, '');
  sshd = owned.add(await startTestSshd({ auth: { publicKeys: [key.publicKey] } }));
  connections = owned.add(new Connections({ clock, log: silentLogger, env: { HOME: home }, runtimeDir: home }));
});
afterEach(() => owned.dispose());

const nobody = () => Promise.resolve(undefined);

function host(id: string, privateKey = key.privateKey): ReturnType<Connections['forHost']> {
  const profile: HostProfile = { id, target: `ssh://me@127.0.0.1:${sshd.port}`, sshConfigFile };
  return connections.forHost(profile, nobody, { privateKey, hostKey: sshd.hostKey.publicKey });
}

test('hosts at one address share its budget, and each sees what the other has used', async () => {
  const [one, two] = [host('one'), host('two')];
  const links = [await one.connect(attempt), await two.connect(attempt)];
  for (const link of links) await link.close();
  const fresh = host('three').attempts.view;
  expect([sshd.counts.connections, fresh]).toEqual([2, undefined]);
  expect(one.attempts.view).toEqual(two.attempts.view);
  const before = two.attempts.view?.left ?? 0;
  await (await one.connect(attempt)).close();
  expect(two.attempts.view?.left).toBe(before - 1);
});

test('a login that the server refuses counts against the address', async () => {
  const stranger = host('stranger', generateSshKey().privateKey);
  await expect(stranger.connect(attempt)).rejects.toMatchObject({ code: 'auth-refused' });
  expect(stranger.attempts.view?.recentFailures).toEqual([{ at: clock.now(), code: 'auth-refused' }]);
  await (await host('known').connect(attempt)).close();
  expect(stranger.attempts.view?.recentFailures).toEqual([]);
});

test('who is stopped while connecting is not counted as refused, and no connection is left', async () => {
  const stop = new AbortController();
  const stopped = host('stopped');
  const connecting = stopped.connect({ signal: stop.signal, onTransportUp: () => stop.abort(new Error('removed')) });
  await expect(connecting).rejects.toThrow('removed');
  expect([stopped.attempts.view?.recentFailures, clock.pending]).toEqual([[], 0]);
});

test('a trial counts against the address of the hosts that stay', async () => {
  const { attempts } = host('lab');
  const profile: HostProfile = { id: 'lab', target: `ssh://me@127.0.0.1:${sshd.port}`, sshConfigFile };
  const trust = { privateKey: key.privateKey, hostKey: sshd.hostKey.publicKey };
  await (await host('first').connect(attempt)).close();
  await (await connector(connections.forTrial(profile, nobody, trust))(attempt)).close();
  await attempts.request(`127.0.0.1:${sshd.port}`, attempt.signal);
  expect(attempts.view?.left).toBe(17);
});
