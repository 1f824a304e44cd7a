import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, test as base, expect, type ElectronApplication, type Page } from '@playwright/test';
import { connectControl, type ContractClient } from '../../engine/serve/control-client.ts';

const root = join(import.meta.dirname, '..', '..');
const electron = process.env['TOWLINE_ELECTRON'] ?? '';
const hooks = join(import.meta.dirname, 'electron-hooks.cjs');

interface TrayLine {
  readonly id: string | undefined;
  readonly label: string;
  readonly enabled: boolean;
}

/** The app, started on a home of its own, and what a test does with it from outside. */
export class App {
  readonly electron: ElectronApplication;
  readonly home: string;
  readonly process: ChildProcess;

  private constructor(home: string, launched: ElectronApplication) {
    this.home = home;
    this.electron = launched;
    this.process = launched.process();
  }

  static async start(home: string, args: readonly string[], preloads: readonly string[] = []): Promise<App> {
    const launched = await _electron.launch({
      executablePath: electron,
      args: [...[hooks, ...preloads].flatMap((file) => ['-r', file]), root, ...args],
      cwd: root,
      env: environment(home),
      colorScheme: null,
    });
    return new App(home, launched);
  }

  /** The window at a view, whether it is there already or comes. */
  async window(route: string): Promise<Page> {
    const shows = (page: Page): boolean => page.url().endsWith(route);
    await expect.poll(() => this.electron.windows().some(shows), { message: `a window at ${route}` }).toBe(true);
    return this.electron.windows().find(shows) as Page;
  }

  /** The lines of the tray's menu, those of its submenus behind them. */
  trayLines(): Promise<TrayLine[]> {
    return this.electron.evaluate(({ Tray }) => {
      const { __instances: trays } = Tray as unknown as { __instances: { __contextMenu: Electron.Menu | null }[] };
      const lines = (menu: Electron.Menu | null | undefined): Electron.MenuItem[] =>
        (menu?.items ?? []).flatMap((item) => [item, ...lines(item.submenu)]);
      return lines(trays[0]?.__contextMenu).map(({ id, label, enabled }) => ({ id, label, enabled }));
    });
  }

  /** Clicks a line of the tray's menu. */
  async clickTray(id: string): Promise<void> {
    await expect.poll(async () => (await this.trayLines()).find((line) => line.id === id)?.enabled, id).toBe(true);
    await this.electron.evaluate(({ Tray }, wanted) => {
      const { __instances: trays } = Tray as unknown as { __instances: { __contextMenu: Electron.Menu }[] };
      const item = trays[0]?.__contextMenu.getMenuItemById(wanted);
      setTimeout(() => void item?.click(), 0); // after the answer: it may be the app's end
    }, id);
  }

  /** Clicks the tray's icon, as if it were at the top of the display: not every desktop tells where it is. */
  async clickIcon(): Promise<void> {
    await this.electron.evaluate(({ Tray }) => {
      const { __instances: trays } = Tray as unknown as { __instances: Electron.Tray[] };
      const [tray] = trays;
      if (tray === undefined) throw new Error('there is no icon');
      tray.getBounds = () => ({ x: 900, y: 0, width: 22, height: 22 });
      tray.emit('click');
    });
  }

  /** What the app wanted to have opened outside. */
  opened(): Promise<string[]> {
    return this.electron.evaluate(({ shell }) =>
      (shell as unknown as { __opened: { url: string }[] }).__opened.map(({ url }) => url),
    );
  }

  /** Starts the app once more, as a user would; resolves with the exit code. */
  async startAgain(...args: string[]): Promise<number | null> {
    const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : []; // as Playwright has it for the first
    const again = spawn(electron, [...asRoot, '-r', hooks, root, ...args], {
      cwd: root,
      env: environment(this.home),
      stdio: 'ignore',
    });
    const [code] = (await once(again, 'exit')) as [number | null];
    return code;
  }

  /** Asks the app through its control socket, as the command line does. */
  async control<T>(use: (api: ContractClient) => Promise<T>): Promise<T> {
    const client = await connectControl(join(this.home, 'run', 'control.sock'));
    try {
      return await use(client.api);
    } finally {
      await client.dispose();
    }
  }

  /** Resolves with the exit code, once the app has ended. */
  async ended(): Promise<number | null> {
    if (this.process.exitCode === null) await once(this.process, 'exit');
    return this.process.exitCode;
  }
}

/** Nothing of the machine's user: no keys, no agent, no session bus. */
function environment(home: string): Record<string, string> {
  const { PATH = '', DISPLAY = '', XAUTHORITY = '', ELECTRON_STANDIN_CHROMIUM } = process.env;
  return {
    ...{
      PATH,
      DISPLAY,
      XAUTHORITY,
      HOME: home,
      TOWLINE_HOME: home,
      XDG_CONFIG_HOME: join(home, 'config'),
      TMPDIR: home,
    },
    ...(ELECTRON_STANDIN_CHROMIUM === undefined ? {} : { ELECTRON_STANDIN_CHROMIUM }),
  };
}

interface Fixtures {
  /** Scripts of this folder that the main process runs before the app. */
  preloads: readonly string[];
  /** Where the app of this test lives: its settings, its state, and what the test needs beside. */
  home: string;
  /** Starts the app; whatever is still running at the end is ended. */
  start: (...args: string[]) => Promise<App>;
}

export const test = base.extend<Fixtures>({
  preloads: [[], { option: true }],
  home: async ({ preloads: _ }, use) => {
    const home = await mkdtemp(join(tmpdir(), 'towline-e2e-'));
    await use(home);
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  },
  start: async ({ preloads, home }, use) => {
    const apps: App[] = [];
    await use(async (...args) => {
      const app = await App.start(
        home,
        args,
        preloads.map((name) => join(import.meta.dirname, name)),
      );
      apps.push(app);
      return app;
    });
    for (const app of apps) if (app.process.exitCode === null) await app.electron.close();
  },
});

export { expect };
