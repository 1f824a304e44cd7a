// Loaded into the main process before the app. What a desktop would draw can't be looked at from outside, so it is kept:
// the trays that exist, with their menus, and what was to be opened outside. Where Electron's stand-in keeps it already,
// under these very names, it is left alone.
const { shell, Tray } = require('electron');

if (Tray.__instances === undefined) {
  Tray.__instances = [];
  const { setContextMenu, setToolTip, destroy } = Tray.prototype;
  Tray.prototype.setContextMenu = function (menu) {
    if (!Tray.__instances.includes(this)) Tray.__instances.push(this);
    this.__contextMenu = menu;
    setContextMenu.call(this, menu);
  };
  Tray.prototype.setToolTip = function (text) {
    this.__toolTip = text;
    setToolTip.call(this, text);
  };
  Tray.prototype.destroy = function () {
    Tray.__instances = Tray.__instances.filter((tray) => tray !== this);
    destroy.call(this);
  };
  shell.__opened = [];
  shell.openExternal = async (url) => void shell.__opened.push({ type: 'openExternal', url });
}
