import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../engine/base/clock.ts';
import { silentLogger } from '../../engine/base/logger.ts';
import { resolvePaths } from '../../engine/paths.ts';
import { openControlSocket } from '../../engine/serve/control-socket.ts';
import type { ToolResult } from '../../headless/run-tool.ts';
import { installService, serviceStatus, uninstallService, type Machine } from '../../headless/service.ts';
import { settled } from '../../headless/service-start.ts';
import type { ServiceStatus } from '../../headless/service-manager.ts';
import type { Shell } from '../../headless/shell.ts';
import { appState, FakeEngine, hostView } from '../engine/serve/fake-engine.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'towline-service-'));
  await saveHosts('shop');
});
afterEach(() => rm(home, { recursive: true, force: true }));

const unitFile = (): string => join(home, '.config/systemd/user/towline.service');
const plistFile = (): string => join(home, 'Library/LaunchAgents/towline.engine.plist');

function saveHosts(...ids: string[]): Promise<void> {
  const hosts = ids.map((id) => ({ id, target: `ssh://me@${id}` }));
  return writeFile(join(home, 'config.json'), JSON.stringify({ version: 1, hosts }));
}

function shellAt(env: Shell['env'] = {}) {
  const said = { stdout: '', stderr: '' };
  const writer = (to: keyof typeof said) =>
    ({ write: (text: string) => (said[to] += text) }) as unknown as NodeJS.WriteStream;
  const shell: Shell = {
    ...{ stdin: process.stdin, stdout: writer('stdout'), stderr: writer('stderr') },
    ...{ env, paint: { color: false, unicode: true } },
    paths: resolvePaths({ env: { TOWLINE_HOME: home }, platform: 'linux', home, uid: 1000 }),
    createEngine: () => Promise.reject(new Error('the service makes no engine here')),
  };
  return { shell, said };
}

/** A machine whose tools answer as scripted, by the beginning of their command line; what is not scripted succeeds. */
function machine(platform: NodeJS.Platform, answers: Record<string, Partial<ToolResult>> = {}) {
  const calls: string[] = [];
  const fake: Machine = {
    ...{ platform, home, uid: 1000, user: 'me' },
    process: { execPath: '/usr/bin/node', execArgv: [], argv: ['/usr/bin/node', import.meta.filename] },
    run: async (program, args) => {
      const call = [program, ...args].join(' ').replace('systemctl --user', 'systemctl');
      calls.push(call);
      const answer = Object.entries(answers).find(([beginning]) => call.startsWith(beginning));
      return { code: 0, stdout: '', stderr: '', ...answer?.[1] };
    },
  };
  /** Calls that change something. */
  const changes = (): string[] =>
    calls.splice(0).filter((call) => !/ (show|show-user|show-environment|print)( |$)/.test(call));
  return { fake, changes };
}

const shown = (active: string, more = ''): Partial<ToolResult> => ({
  stdout: `ActiveState=${active}\nUnitFileState=enabled\n${more}\n`,
});
const failed = shown('failed', 'ExecMainCode=1\nExecMainStatus=4');

test('it is installed, enabled and started; once more, nothing but the start; with another command, restarted', async () => {
  const { fake, changes } = machine('linux', { 'systemctl show towline': failed });
  const { shell, said } = shellAt();
  await installService(shell, {}, fake);
  const [ready, start] = [
    ['systemctl daemon-reload', 'systemctl reset-failed towline.service'],
    'systemctl enable --now towline.service',
  ];
  expect(changes()).toEqual([...ready, start]);
  expect(await readFile(unitFile(), 'utf8')).toContain(`ExecStart=/usr/bin/node ${import.meta.filename} up --no-ui\n`);
  await installService(shell, {}, fake);
  expect(changes()).toEqual([...ready, start]);
  await installService(shell, { ui: '9400' }, fake);
  expect(changes()).toEqual([...ready, 'systemctl try-restart towline.service', start]);
  expect(said.stderr).toBe(
    'The service is installed.\nThe service was there already.\nThe service was brought up to date.\nThe address of its page is in that log.\n',
  );
});

test('a service that ends at once is a failed installation, which says what to look at', async () => {
  const { shell, said } = shellAt();
  const { fake } = machine('linux', { 'systemctl show towline': failed, loginctl: { stdout: 'yes\n' } });
  expect(await installService(shell, {}, fake)).toBe(1);
  expect(said.stdout)
    .toBe(`Failed: it ended with exit code 4, as a host needs you (\`towline hosts test --all\` shows which); starts by itself
unit  ${unitFile()}
log   journalctl --user --unit towline.service
`);
});

test('a service that runs is told with its pid, and what may surprise later', async () => {
  await mkdir(dirname(unitFile()), { recursive: true });
  const { fake } = machine('linux', {
    'systemctl show towline': shown('active', 'MainPID=812'),
    loginctl: { stdout: 'no\n' },
  });
  const { shell, said } = shellAt({ SSH_AUTH_SOCK: '/run/agent' });
  await installService(shellAt().shell, {}, machine('linux', { 'systemctl show towline': failed }).fake);
  expect(await serviceStatus(shell, {}, fake)).toBe(0);
  expect(said.stdout.split('\n')).toEqual([
    'Running, pid 812; starts by itself',
    `unit  ${unitFile()}`,
    'log   journalctl --user --unit towline.service',
    'It ends when you log out. To have it run always: `loginctl enable-linger`',
    expect.stringMatching(/^It does not see your ssh agent\./),
    '',
  ]);
});

test('its status is one JSON document, with an exit code of 3 where it does not run', async () => {
  const killed = shown('activating', 'SubState=auto-restart\nExecMainCode=2\nExecMainStatus=9');
  const { fake } = machine('linux', { 'systemctl show towline': killed, loginctl: { stdout: 'yes\n' } });
  const { shell, said } = shellAt();
  expect(await serviceStatus(shell, { json: true }, fake)).toBe(3);
  expect(JSON.parse(said.stdout)).toEqual({
    ...{ manager: 'systemd', file: unitFile(), installed: 'no', enabled: true, state: 'starting', signal: 9 },
    ...{ lingers: true, seesAgent: false },
  });
});

test('it is stopped and removed; what is not there is not an error', async () => {
  const { fake, changes } = machine('linux', { 'systemctl show towline': failed });
  const { shell, said } = shellAt();
  await installService(shell, {}, fake);
  changes();
  expect(await uninstallService(shell, fake)).toBe(0);
  expect(changes()).toEqual(['systemctl disable --now towline.service', 'systemctl daemon-reload']);
  await expect(stat(unitFile())).rejects.toMatchObject({ code: 'ENOENT' });
  said.stderr = '';
  expect(await uninstallService(shell, fake)).toBe(0);
  expect({ changes: changes(), said: said.stderr }).toEqual({ changes: [], said: 'There is no service to remove.\n' });
});

test('a unit or an agent of somebody else is neither overwritten nor removed', async () => {
  for (const [platform, file] of [
    ['linux', unitFile()],
    ['darwin', plistFile()],
  ] as const) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, 'mine');
    const { fake, changes } = machine(platform);
    const { shell } = shellAt();
    await expect(installService(shell, {}, fake)).rejects.toMatchObject({ code: 'service-foreign' });
    await expect(uninstallService(shell, fake)).rejects.toMatchObject({ code: 'service-foreign' });
    expect(await serviceStatus(shell, {}, fake)).toBe(3);
    expect({ content: await readFile(file, 'utf8'), changes: changes() }).toEqual({ content: 'mine', changes: [] });
  }
});

test("where there is no user manager of systemd's, it says whose it would be, or that there is no systemd", async () => {
  const unreachable = {
    'systemctl show-environment': { code: 1, stderr: 'Failed to connect to bus: No medium found\n' },
  };
  await expect(installService(shellAt().shell, {}, machine('linux', unreachable).fake)).rejects.toMatchObject({
    ...{ code: 'service-manager-missing', hint: expect.stringContaining('loginctl enable-linger me') as string },
    message: "systemd's user manager can't be reached: Failed to connect to bus: No medium found.",
  });
  const missing = { systemctl: { code: 127, stderr: 'systemctl: not found' } };
  await expect(serviceStatus(shellAt().shell, {}, machine('linux', missing).fake)).rejects.toMatchObject({
    ...{ code: 'service-manager-missing', hint: expect.stringContaining('no systemd') as string },
  });
  await expect(stat(unitFile())).rejects.toMatchObject({ code: 'ENOENT' });
});

test('what systemd refuses is told in its words', async () => {
  const refusing = { 'systemctl enable': { code: 1, stderr: 'Failed to enable unit: Access denied\n' } };
  await expect(installService(shellAt().shell, {}, machine('linux', refusing).fake)).rejects.toMatchObject({
    ...{ code: 'service-refused', message: 'systemd refused: Failed to enable unit: Access denied.' },
  });
});

test('without a saved host there is no service: it would have nothing to do', async () => {
  await saveHosts();
  const { fake, changes } = machine('linux');
  await expect(installService(shellAt().shell, {}, fake)).rejects.toMatchObject({ code: 'no-target' });
  expect(changes()).toEqual([]);
});

test('beside an engine that runs already it is not installed, as it could not start', async () => {
  const { shell } = shellAt();
  const state = appState([], { mode: 'desktop' });
  const door = await openControlSocket({
    path: shell.paths.controlSocket,
    commands: new FakeEngine(state),
    log: silentLogger,
  });
  try {
    const { fake, changes } = machine('linux', { 'systemctl show towline': shown('inactive') });
    await expect(installService(shell, {}, fake)).rejects.toMatchObject({
      ...{ code: 'already-running', message: `Towline runs already: the tray app, pid ${process.pid}.` },
    });
    expect(changes()).toEqual([]);
    await expect(stat(unitFile())).rejects.toMatchObject({ code: 'ENOENT' });
  } finally {
    await door.dispose();
  }
});

test('a service whose engine has reached a host is a good installation', async () => {
  const { shell, said } = shellAt();
  await installService(shellAt().shell, {}, machine('linux', { 'systemctl show towline': failed }).fake);
  const commands = new FakeEngine(appState([hostView('shop')]));
  commands.profiles.push({ id: 'shop', target: 'ssh://me@shop' });
  const door = await openControlSocket({ path: shell.paths.controlSocket, commands, log: silentLogger });
  try {
    const { fake } = machine('linux', { 'systemctl show towline': shown('active', 'MainPID=812') });
    expect(await installService(shell, {}, fake)).toBe(0);
    expect(said.stdout).toContain('Running, pid 812; starts by itself\n');
  } finally {
    await door.dispose();
  }
});

test('on macOS it is an agent of launchd, loaded anew when it has changed', async () => {
  const { fake, changes } = machine('darwin', {
    'launchctl print gui/1000/towline': { stdout: '\tlast exit code = 4\n' },
  });
  const { shell } = shellAt();
  expect(await installService(shell, {}, fake)).toBe(1);
  expect(changes()).toEqual([
    'launchctl bootout gui/1000/towline.engine',
    'launchctl enable gui/1000/towline.engine',
    `launchctl bootstrap gui/1000 ${plistFile()}`,
  ]);
  expect(await readFile(plistFile(), 'utf8')).toContain('<string>towline.engine</string>');
  await installService(shell, {}, fake);
  expect(changes()).toEqual([]);
  await uninstallService(shell, fake);
  expect(changes()).toEqual(['launchctl bootout gui/1000/towline.engine']);
  await expect(stat(plistFile())).rejects.toMatchObject({ code: 'ENOENT' });
});

test('the state of an agent is read out of what launchd prints', async () => {
  const printed =
    'gui/1000/towline.engine = {\n\tstate = running\n\n\tpid = 812\n\tlast exit code = (never exited)\n}\n';
  const { fake } = machine('darwin', { 'launchctl print gui/1000/towline': { stdout: printed } });
  const { shell, said } = shellAt();
  await serviceStatus(shell, { json: true }, fake);
  expect(JSON.parse(said.stdout)).toEqual({
    ...{ manager: 'launchd', file: plistFile(), installed: 'no', enabled: true, state: 'running', pid: 812 },
  });
});

test('on a system whose services are not known it says what to have started', async () => {
  await expect(serviceStatus(shellAt().shell, {}, machine('win32').fake)).rejects.toMatchObject({
    ...{ code: 'service-unsupported', hint: expect.stringContaining('towline up') as string },
  });
});

test('a started service is waited for until its engine is under way', async () => {
  const status: ServiceStatus = {
    manager: 'systemd',
    file: '',
    installed: 'yes',
    enabled: true,
    state: 'running',
    pid: 1,
  };
  let asked = 0;
  const states: ServiceStatus['state'][] = ['starting', 'running', 'running'];
  const last = await settled(
    { ...systemClock, after: (_, run) => systemClock.after(0, run) },
    async () => ({ ...status, state: states.shift() ?? 'running', pid: (asked += 1) }),
    async () => asked >= 3,
  );
  expect(last).toMatchObject({ state: 'running', pid: 3 });
});
