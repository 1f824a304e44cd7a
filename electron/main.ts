import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { app, dialog } from 'electron';
import { systemClock } from '../engine/base/clock.ts';
import { DisposableStore } from '../engine/base/disposables.ts';
import { readLockOwner } from '../engine/instance-lock.ts';
import { resolvePaths } from '../engine/paths.ts';
import { toFailure } from '../shared/failure.ts';
import { startDesktop } from './desktop.ts';
import { readLaunch, routeOfLink, type Launch } from './launch.ts';
import { prepareProtocol } from './serve-pages.ts';
import { stopOther } from './take-over.ts';
import { awaitTrayHost } from './tray-host.ts';

/** The desktop app's start and end: one app per user; a later start hands over what it was asked for and ends. */

/** What a clean end may take; then the process ends all the same. */
const endMs = 1_800;

const paths = resolvePaths();
const owned = new DisposableStore();
app.setName('Towline');
keepBesideState();
prepareProtocol();

let open: ((launch: Launch) => void) | undefined;
const waiting: Launch[] = [];
const hear = (launch: Launch): void => (open === undefined ? void waiting.push(launch) : open(launch));

const args = process.argv.slice(1);
if (app.requestSingleInstanceLock({ args })) {
  app.on('second-instance', (_event, argv, _folder, data) => hear(readLaunch(handedOver(data) ?? argv)));
  app.on('open-url', (event, url) => {
    event.preventDefault();
    hear({ hidden: false, demo: false, route: routeOfLink(url) });
  });
  app.on('activate', () => hear({ hidden: false, demo: false, route: undefined })); // a click on the Dock
  app.on('window-all-closed', () => undefined); // the tray, and the forwards, stay
  app.on('will-quit', (event) => {
    event.preventDefault();
    end(0);
  });
  if (app.isPackaged) app.setAsDefaultProtocolClient('towline');
  void app.whenReady().then(() => start(readLaunch(args)));
} else app.quit();

async function start(launch: Launch): Promise<void> {
  try {
    if (!(await makeWay())) return end(0);
    const desktop = await startDesktop(owned, { paths, folder: import.meta.dirname });
    open = desktop.open;
    const unseen = launch.hidden && !(await awaitTrayHost(process.platform, process.env, systemClock));
    open(unseen ? { ...launch, hidden: false } : launch); // nobody there to show an icon: the window it is
    for (const later of waiting) open(later);
  } catch (error) {
    const { message, hint = '' } = toFailure(error);
    dialog.showErrorBox('Towline could not start', `${message}\n\n${hint}`.trim());
    end(1);
  }
}

/** Where a headless engine runs already, it stops for this one, or stays and this one ends: false. Two would fight over the ports. */
async function makeWay(): Promise<boolean> {
  const other = await readLockOwner(paths.lockFile);
  if (other === undefined) return true;
  const { response } = await dialog.showMessageBox({
    type: 'question',
    message: `Towline is running already, without a window (pid ${other.pid}).`,
    detail: 'It can stop, and its hosts and forwards go on here. Connections through it break for a moment.',
    buttons: ['Leave it running', 'Stop it and open here'],
    cancelId: 0,
    defaultId: 1,
  });
  if (response === 0) return false;
  await stopOther(paths.lockFile, other, systemClock);
  return true;
}

/** Everything is let go before the process ends, but it ends in any case. */
function end(code: number): void {
  const exit = (): void => app.exit(code);
  systemClock.after(endMs, exit, { background: true });
  owned.dispose().then(exit, exit);
}

/** Chromium's own files go beside the engine's state, so that TOWLINE_HOME moves them too; never among the settings. */
function keepBesideState(): void {
  const folder = join(dirname(paths.stateFile), 'desktop');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    app.setPath('userData', folder);
  } catch {
    // the engine tells of a state that can't be written; Electron has a folder of its own
  }
}

/** What the later start said of itself; Chromium may have reordered its `argv`. */
function handedOver(data: unknown): string[] | undefined {
  const given = typeof data === 'object' && data !== null && 'args' in data ? data.args : undefined;
  return Array.isArray(given) ? given.filter((arg) => typeof arg === 'string') : undefined;
}
