import { Menu, nativeImage, nativeTheme, Tray, type MenuItemConstructorOptions, type Rectangle } from 'electron';
import type { Clock } from '../engine/base/clock.ts';
import { DisposableStore, type Disposable } from '../engine/base/disposables.ts';
import type { EngineCommands } from '../engine/commands.ts';
import { trayImage } from './tray-images.ts';
import type { TrayAction, TrayItem } from './tray-menu-item.ts';
import { trayModel, type TrayModel } from './tray-model.ts';
import { TrayRedraw } from './tray-redraw.ts';

export interface TrayOptions {
  /** The folder with the pictures. */
  readonly folder: string;
  readonly store: Pick<EngineCommands['store'], 'state' | 'onDidChange'>;
  readonly clock: Clock;
  readonly canStartAtLogin: boolean;
  readonly act: (action: TrayAction) => void;
  /** The icon itself was clicked; where it is, if the platform says so. */
  readonly onClick: (icon: Rectangle | undefined) => void;
}

type Face = Omit<TrayModel, 'menu'>;

/** Puts the icon into the tray and keeps it true. */
export function openTray({ folder, store, clock, canStartAtLogin, act, onClick }: TrayOptions): Disposable {
  const owned = new DisposableStore();
  const model = (): TrayModel => {
    const { state } = store;
    return trayModel({ state, startAtLogin: canStartAtLogin ? state.settings.desktop.startAtLogin : undefined });
  };
  const picture = ({ icon }: Face): Electron.NativeImage =>
    nativeImage.createFromPath(
      trayImage(folder, icon, process.platform, nativeTheme.shouldUseDarkColorsForSystemIntegratedUI),
    );
  let face: Face = model();
  const tray = new Tray(picture(face));
  owned.defer(() => tray.destroy());

  const redraw = owned.add(
    new TrayRedraw({
      clock,
      model,
      drawFace: (next) => {
        face = next;
        tray.setImage(picture(face));
        tray.setToolTip(face.tooltip);
        if (process.platform === 'darwin') tray.setTitle(face.title);
      },
      drawMenu: (items) => {
        const menu = Menu.buildFromTemplate(items.map((item) => template(item, act)));
        menu.on('menu-will-show', () => redraw.menuDidOpen());
        menu.on('menu-will-close', () => redraw.menuDidClose());
        tray.setContextMenu(menu); // the one way that every Linux desktop shows a menu at all
      },
    }),
  );
  const repaint = (): void => tray.setImage(picture(face));
  nativeTheme.on('updated', repaint);
  owned.defer(() => void nativeTheme.off('updated', repaint));
  owned.add(store.onDidChange(() => redraw.request()));
  tray.on('click', () => onClick(place(tray.getBounds())));
  redraw.request();
  return owned;
}

/** Some desktops don't tell where the icon is. */
function place(bounds: Rectangle): Rectangle | undefined {
  return bounds.width > 0 && bounds.height > 0 ? bounds : undefined;
}

function template(item: TrayItem, act: (action: TrayAction) => void): MenuItemConstructorOptions {
  switch (item.kind) {
    case 'separator':
      return { type: 'separator' };
    case 'text':
      return { id: item.id, label: item.label, enabled: false };
    case 'command':
      return { id: item.id, label: item.label, enabled: item.enabled, click: () => act(item.action) };
    case 'switch':
      return { id: item.id, label: item.label, type: 'checkbox', checked: item.on, click: () => act(item.action) };
    case 'menu':
      return { id: item.id, label: item.label, submenu: item.items.map((inner) => template(inner, act)) };
  }
}
