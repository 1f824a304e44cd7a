import { expect, test } from 'vitest';
import type { SshdConfig } from './host/sshd.ts';
import { freePort, page, pageSoon, refusal, testPage } from './support/clients.ts';
import { RealBench } from './support/real-bench.ts';

const bench = new RealBench();
const { host } = bench;
let sshdPort = 2300;

/** An engine that reaches the host through an sshd with this policy. */
async function under(config: SshdConfig) {
  sshdPort += 1;
  const sshd = await bench.sshd(sshdPort, config);
  return { sshd, engine: await bench.starting({ profile: { target: sshd.target } }) };
}

test.each<[string, SshdConfig, 'streamlocal' | 'dial-stdio']>([
  ['MaxSessions 0', { MaxSessions: 0 }, 'streamlocal'],
  ['MaxSessions 1', { MaxSessions: 1 }, 'streamlocal'],
  ['MaxSessions 2', { MaxSessions: 2 }, 'streamlocal'],
  ['AllowTcpForwarding local', { AllowTcpForwarding: 'local' }, 'streamlocal'],
  ['AllowStreamLocalForwarding no', { AllowStreamLocalForwarding: 'no' }, 'dial-stdio'],
  ['PermitOpen 127.0.0.1:*', { PermitOpen: '127.0.0.1:*' }, 'dial-stdio'],
])('under `%s` a port is forwarded from start to stop', async (_, config, kind) => {
  const { engine } = await under(config);
  await engine.ready();
  expect(engine.host().docker.endpoint?.kind).toBe(kind);
  const port = await freePort();
  const web = await bench.container(['-p', `${port}:80`]);
  await engine.untilForward(web);
  expect(await pageSoon(port)).toBe(testPage);
  await host.docker(['rm', '-f', web]);
  await engine.untilGone(web);
  expect(await refusal(port)).toBe('ECONNREFUSED');
});

test.each<[string, SshdConfig, string]>([
  ['AllowTcpForwarding no', { AllowTcpForwarding: 'no' }, 'AllowTcpForwarding'],
  ['DisableForwarding yes', { DisableForwarding: 'yes' }, 'DisableForwarding'],
  ['PermitOpen none', { PermitOpen: 'none' }, 'PermitOpen'],
])('under `%s` a forward says which line of sshd_config keeps it from working', async (_, config, keyword) => {
  const { engine } = await under(config);
  await engine.ready();
  const port = await freePort();
  const web = await bench.container(['-p', `${port}:80`]);
  await engine.until('the forward', () => engine.of(web).length === 1);
  expect(await refusal(port)).toBeDefined();
  const reason = await engine.until('the reason', () => engine.of(web)[0]?.reason);
  expect(reason.code).toBe('forwarding-prohibited');
  expect(reason.hint).toContain(keyword);
  await expect(page(port)).rejects.toThrow('ECONNREFUSED');
});

test('a server that gives neither channels nor sessions is said to refuse, with the lines of sshd_config', async () => {
  const { engine } = await under({ AllowStreamLocalForwarding: 'no', MaxSessions: 0 });
  const reason = await engine.until('the reason', ({ docker }) => docker.reason);
  expect(reason.code).toBe('docker-channel-refused');
  expect(reason.hint).toContain('AllowStreamLocalForwarding yes');
  expect(engine.host()).toMatchObject({ state: 'ready', connections: { opened: 1 } });
});

test('a user outside the group docker is told the command that helps', async () => {
  await host.exec(
    'grep -q ^towline-other: /etc/passwd || echo "towline-other:*:65110:65110::/tmp:/bin/sh" >>/etc/passwd',
  );
  const engine = await bench.starting({ profile: { target: `ssh://towline-other@${host.address}` } });
  const reason = await engine.until('the reason', ({ docker }) => docker.reason);
  expect(reason.code).toBe('docker-permission-denied');
  expect(reason.hint).toContain('sudo usermod -aG docker towline-other');
});

test('a host whose daemon does not run is said to be so, and is used once it runs', async () => {
  let running = false;
  const start = async () => {
    if (!running) await host.dockerd.start();
    running = true;
  };
  bench.defer(start);
  await host.dockerd.stop();
  const engine = await bench.starting();
  const reason = await engine.until('the reason', ({ docker }) => docker.reason);
  expect(reason.code).toBe('docker-not-running');
  expect(reason.hint).toContain('systemctl start docker');
  await start();
  await engine.ready();
});

test('a host without Docker is told from one whose Docker does not run', async () => {
  await host.exec('mkdir -p /run/bare && ln -sf /bin/sh /usr/bin/id /run/bare/ && rm -f /run/hidden.sock');
  let hidden = true;
  const show = async () => {
    if (hidden) await host.exec('mv /run/hidden.sock /run/docker.sock');
    hidden = false;
  };
  await host.exec('mv /run/docker.sock /run/hidden.sock');
  bench.defer(show);
  const { engine } = await under({ SetEnv: 'PATH=/run/bare' });
  const reason = await engine.until('the reason', ({ docker }) => docker.reason);
  expect(reason.code).toBe('docker-not-found');
  expect(reason.hint).toContain('--docker-socket');
  await show();
  await engine.ready();
});
