import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import ssh2 from 'ssh2';
import { silentLogger } from '../../engine/base/logger.ts';
import { acquireInstanceLock } from '../../engine/instance-lock.ts';
import { openControlSocket } from '../../engine/serve/control-socket.ts';
import { FakeEngine } from '../engine/serve/fake-engine.ts';
import { startTestSshd } from '../support/test-sshd.ts';
import { expect, test, type App } from './app.ts';
import { startDeployHost } from './deploy-host.ts';

/** The address of a forward as the window shows it. */
async function addressOf(window: Page, container: string): Promise<string> {
  const row = window.getByRole('row').filter({ hasText: container }).filter({ hasText: 'Listening' }).first();
  await expect(row).toBeVisible();
  const port = /localhost:(\d+)/.exec((await row.innerText()).replace(/\s+/g, ''))?.[1];
  return `http://127.0.0.1:${port}/`;
}

const answers = async (address: string): Promise<boolean> =>
  fetch(address).then(
    ({ ok }) => ok,
    () => false,
  );

function accepts(address: string): Promise<boolean> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    socket.once('connect', () => (socket.destroy(), resolve(true)));
    socket.once('error', () => resolve(false));
  });
}

async function trayLabels(app: App): Promise<string> {
  return (await app.trayLines()).map(({ label }) => label).join('\n');
}

test('from the first start to the first request through a forward, and pause and resume from the tray', async ({
  start,
}) => {
  const app = await start();
  const window = await app.window('#/forwards');
  await expect(window.getByRole('heading', { name: 'Which host should be on localhost?' })).toBeVisible();

  await window.getByRole('button', { name: 'Try the demo host' }).click();
  const api = await addressOf(window, 'shop/api');
  expect(await answers(api)).toBe(true);
  await expect.poll(() => trayLabels(app)).toMatch(/^\d+ ports on localhost\n(.*\n)*demo: Connected, \d+ ports\n/);

  await app.clickTray('pause-all');
  await expect(window.getByRole('row').filter({ hasText: 'shop/api' }).first()).toContainText('Paused');
  expect(await accepts(api)).toBe(false);

  await app.clickTray('resume-all');
  expect(await addressOf(window, 'shop/api')).toBe(api);
  expect(await answers(api)).toBe(true);
});

test('a host that this machine has not met asks, by its fingerprint, and then connects', async ({ start }) => {
  const sshd = await startTestSshd();
  try {
    const app = await start();
    const window = await app.window('#/forwards');
    await window.getByLabel('Its address').fill(`ssh://ferry@127.0.0.1:${sshd.port}`);
    await window.getByRole('button', { name: 'Connect' }).click();

    const dialog = window.getByRole('dialog');
    await expect(dialog).toContainText(`This machine has not met [127.0.0.1]:${sshd.port} before.`);
    await expect.poll(() => trayLabels(app)).toMatch(/^Needs you: /);
    await dialog.getByRole('button', { name: 'Trust and connect' }).click();
    await expect(dialog).toBeHidden();
    await expect.poll(() => sshd.counts.connections).toBe(1);
    await expect
      .poll(async () => Object.values((await app.control((api) => api.state.get())).hosts).map(({ state }) => state))
      .toEqual(['ready']);
  } finally {
    await sshd.dispose();
  }
});

test('an encrypted key is opened with the passphrase that the user gives', async ({ home, start }) => {
  const key = encryptedKey('open sesame');
  const sshd = await startTestSshd({ auth: { publicKeys: [key.publicKey] } });
  try {
    const identityFile = join(home, 'id_ed25519');
    await writeFile(identityFile, key.text, { mode: 0o600 });
    const target = `ssh://ferry@127.0.0.1:${sshd.port}`;
    const profile = { id: 'edge', target, identityFile, acceptNewHostKey: true };
    await writeFile(join(home, 'config.json'), JSON.stringify({ version: 1, hosts: [profile] }));
    const app = await start();
    const window = await app.window('#/forwards');
    const dialog = window.getByRole('dialog');
    await dialog.getByLabel('Passphrase', { exact: true }).fill('open sesame');
    await dialog.getByRole('button', { name: 'Unlock' }).click();
    await expect(dialog).toBeHidden();
    await expect
      .poll(async () => (await app.control((api) => api.state.get())).hosts['edge']?.state, {
        message: 'state of edge',
      })
      .toBe('ready');
  } finally {
    await sshd.dispose();
  }
});

test('a window that is closed, or whose page crashes, takes nothing with it', async ({ start }) => {
  const app = await start('--demo');
  const window = await app.window('#/forwards');
  const api = await addressOf(window, 'shop/api');

  await app.electron.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer(),
  );
  await expect.poll(() => readFileSync(join(app.home, 'logs', 'towline.log'), 'utf8')).toContain('has crashed');
  expect(await answers(api)).toBe(true);
  await expect
    .poll(() => app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.isCrashed()))
    .toBe(false);

  const place = { x: 40, y: 30, width: 900, height: 600 };
  await app.electron.evaluate(({ BrowserWindow }, bounds) => {
    const [only] = BrowserWindow.getAllWindows();
    only?.setBounds(bounds);
    only?.close();
  }, place);
  await expect.poll(() => app.electron.windows().length).toBe(0);
  expect(await answers(api)).toBe(true);

  await app.clickTray('open');
  expect(await addressOf(await app.window('#/forwards'), 'shop/api')).toBe(api);
  expect(await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds())).toEqual(
    place,
  );
});

test('the deploy button deploys, and window and tray tell how far it is', async ({ home, start }) => {
  const host = await startDeployHost(home);
  try {
    const dir = join(home, 'mini');
    await mkdir(dir);
    await writeFile(join(dir, 'compose.yml'), 'services:\n  web:\n    image: mini/web\n    build: .\n');
    const profile = { id: 'edge', target: `ssh://ferry@127.0.0.1:${host.port}`, acceptNewHostKey: true };
    const stack = { name: 'mini', host: 'edge', dir, gates: { stableMs: 0 } };
    await writeFile(join(home, 'config.json'), JSON.stringify({ version: 1, hosts: [profile], stacks: [stack] }));
    const app = await start('towline://stacks');
    const window = await app.window('#/stacks');

    await window.getByRole('button', { name: 'Deploy mini' }).click();
    await host.building;
    await expect(window.getByRole('progressbar', { name: 'Progress of mini' })).toBeVisible();
    await expect.poll(() => trayLabels(app)).toMatch(/^Deploy, mini: .*[Bb]uild/m);
    host.release();
    await expect(window.locator('[data-stack=mini]')).toContainText('Works');
    await expect.poll(() => trayLabels(app)).toMatch(/^Deploy$/m);
  } finally {
    await host.dispose();
  }
});

test('the logs have a window of their own', async ({ start }) => {
  const app = await start('--demo');
  await app.window('#/forwards');
  await app.clickTray('logs');
  const logs = await app.window('#/logs');
  await expect(logs.getByRole('heading', { name: 'Logs' })).toBeVisible();
  await expect(logs.getByRole('navigation', { name: 'Views' })).toHaveCount(0);
  expect(app.electron.windows()).toHaveLength(2);
});

test('a click on the icon opens the popover, from which the windows are reached', async ({ start }) => {
  const app = await start('--demo', '--hidden');
  const window = await app.window('#/forwards'); // hidden, but nobody here shows tray icons
  await addressOf(window, 'shop/api');
  await app.clickIcon();
  const popover = await app.window('#/popover');
  await expect(popover.getByRole('heading', { level: 1 })).toHaveText(/^\d+ ports on localhost$/);
  await popover.getByRole('link', { name: 'Logs' }).click();
  await app.window('#/logs');
  await expect
    .poll(() => app.electron.windows().map((page) => page.url().split('#')[1]))
    .toEqual(['/forwards', '/logs']);
});

test('a later start hands its link over to the app that runs, and ends', async ({ start }) => {
  const app = await start();
  const window = await app.window('#/forwards');
  expect(await app.startAgain('towline://settings')).toBe(0);
  await expect(window.getByRole('heading', { name: 'Settings' })).toBeVisible();
  expect(app.electron.windows()).toHaveLength(1);
});

test('the command line speaks to the app, and ends it', async ({ start }) => {
  const app = await start('--demo');
  await app.window('#/forwards');
  await expect
    .poll(async () => Object.keys((await app.control((api) => api.state.get())).hosts['demo']?.forwards ?? {}).length)
    .toBeGreaterThan(5);
  expect(await app.control((api) => api.hello({ protocol: 1 }))).toMatchObject({
    mode: 'desktop',
    pid: app.process.pid,
  });
  await app.control((api) => api.engine.stop());
  expect(await app.ended()).toBe(0);
});

test('a page can go nowhere, open nothing outside but what forwards lead to, and knows nothing of Electron', async ({
  start,
}) => {
  const app = await start('--demo');
  const window = await app.window('#/forwards');
  const api = await addressOf(window, 'shop/api');
  await window.evaluate((address) => {
    globalThis.open('https://example.invalid/');
    globalThis.open('file:///etc/passwd');
    globalThis.open(address);
  }, api);
  await expect.poll(() => app.opened()).toEqual([api]);
  const before = window.url();
  await window.evaluate(() => globalThis.location.assign('https://example.invalid/'));
  const { globals, fetched } = await window.evaluate(async () => ({
    globals: ['require', 'process', 'Buffer', 'electron'].filter((name) => name in globalThis),
    fetched: await fetch('https://example.invalid/').then(
      () => 'answered',
      () => 'refused',
    ),
  }));
  expect({ globals, fetched, url: window.url() }).toEqual({ globals: [], fetched: 'refused', url: before });
});

test('quitting leaves no process, no listener and no socket', async ({ start }) => {
  const app = await start('--demo');
  const window = await app.window('#/forwards');
  const api = await addressOf(window, 'shop/api');
  await app.clickTray('quit');
  expect(await app.ended()).toBe(0);
  expect(await accepts(api)).toBe(false);
  expect(existsSync(join(app.home, 'run', 'control.sock'))).toBe(false);
  expect(existsSync(join(app.home, 'engine.lock'))).toBe(false);
  await expect.poll(() => processesOf(app.home)).toEqual([]);
});

test.describe('where an engine runs already without a window', () => {
  test.use({ preloads: ['stop-the-other.cjs'] });

  test('the app takes its place when the user wants it so', async ({ home, start }) => {
    const controlSocket = join(home, 'run', 'control.sock');
    const lock = await acquireInstanceLock(join(home, 'engine.lock'), { mode: 'headless', controlSocket });
    const engine = new FakeEngine();
    const socket = await openControlSocket({ path: controlSocket, commands: engine, log: silentLogger });
    engine.onStop = () => void Promise.resolve(socket.dispose()).then(() => lock.dispose());
    const app = await start();
    await app.window('#/forwards');
    expect(await app.control((api) => api.hello({ protocol: 1 }))).toMatchObject({ pid: app.process.pid });
  });
});

test.describe('with no more crypto than Electron has', () => {
  test.use({ preloads: ['boringssl-limits.cjs'] });

  test('a host is connected to all the same', async ({ start }) => {
    const app = await start('--demo');
    const api = await addressOf(await app.window('#/forwards'), 'shop/api');
    expect(await answers(api)).toBe(true);
    const { algorithms } = (await app.control((engine) => engine.state.get())).hosts['demo']?.server ?? {};
    expect(algorithms).toMatchObject({ kex: 'curve25519-sha256', cipher: 'aes128-gcm@openssh.com' });
    expect(await app.electron.evaluate(() => process.getBuiltinModule('crypto').getCiphers())).not.toContain(
      'chacha20-poly1305',
    );
  });
});

/** ssh2's generator writes a key that it can't read itself about once in 500 times, hence the second look. */
function encryptedKey(passphrase: string): { text: string; publicKey: Buffer } {
  for (;;) {
    const text = ssh2.utils.generateKeyPairSync('ed25519', { passphrase, cipher: 'aes256-ctr', rounds: 2 }).private;
    const key = ssh2.utils.parseKey(text, passphrase);
    if (!(key instanceof Error)) return { text, publicKey: key.getPublicSSH() };
  }
}

/** The processes of this machine whose environment has this home. */
function processesOf(home: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`TOWLINE_HOME=${home}\0`);
    } catch {
      return false; // it has ended meanwhile, or is somebody else's
    }
  });
}
