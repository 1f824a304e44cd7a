import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../../engine/base/clock.ts';
import { DisposableStore } from '../../engine/base/disposables.ts';
import { silentLogger } from '../../engine/base/logger.ts';
import { Engine } from '../../engine/engine.ts';
import { resolvePaths } from '../../engine/paths.ts';
import { SettingsFile } from '../../engine/settings-file.ts';
import { StateFile } from '../../engine/state-file.ts';
import { TestDocker } from '../support/test-docker.ts';
import { startTestSshd } from '../support/test-sshd.ts';
import { startTestTcpProxy } from '../support/test-tcp-proxy.ts';
import { waitFor } from '../support/wait-for.ts';

const hosts = 200;
const hanging = 10;

let owned = new DisposableStore();

afterEach(async () => {
  await owned.dispose();
  owned = new DisposableStore();
});

test('200 hosts in one engine come up although ten of them accept and never answer', async () => {
  const home = await mkdtemp(join(tmpdir(), 'tl-'));
  owned.defer(() => rm(home, { recursive: true }));
  const docker = owned.add(new TestDocker());
  const sshd = owned.add(await startTestSshd({ openUnix: () => docker.connect() }));
  const proxies = await Promise.all(Array.from({ length: hosts }, () => startTestTcpProxy(sshd.port)));
  for (const proxy of proxies) owned.add(proxy);
  for (const proxy of proxies.slice(0, hanging)) proxy.freeze();
  const sshConfigFile = join(home, 'ssh_config');
  const knownHostsFile = join(home, 'known_hosts');
  await writeFile(sshConfigFile, '');

  const env = { HOME: home };
  const paths = resolvePaths({ env: { TOWLINE_HOME: home }, platform: process.platform, home, uid: 0 });
  const log = silentLogger;
  const settings = owned.add(await SettingsFile.open({ file: paths.settingsFile, clock: systemClock, log }));
  const stateFile = owned.add(await StateFile.open({ file: paths.stateFile, clock: systemClock, log }));
  const profiles = proxies.map(({ port }, i) => ({
    profile: {
      id: `host-${i}`,
      target: `ssh://tester@127.0.0.1:${port}`,
      sshConfigFile,
      knownHostsFile,
      acceptNewHostKey: true,
    },
  }));
  const engine = owned.add(
    new Engine({ settings, stateFile, log, clock: systemClock, paths, mode: 'headless', hosts: profiles, env }),
  );
  await engine.start();

  const live = (): number =>
    Object.values(engine.store.state.hosts).filter(({ events }) => events.state === 'live').length;
  await waitFor(() => live() === hosts - hanging, { what: 'all hosts that answer', timeoutMs: 120_000 });
  const stuck = profiles.slice(0, hanging).map(({ profile }) => engine.store.state.hosts[profile.id]?.state);
  expect(stuck).not.toContain('ready');
  for (const proxy of proxies.slice(0, hanging)) proxy.thaw();
  await waitFor(() => live() === hosts, { what: 'the others too', timeoutMs: 120_000 });
  expect(Object.values(engine.store.state.hosts).every(({ sessions }) => sessions.opened === 1)).toBe(true);
}, 300_000);
