import { autostart, autostartFile } from './autostart.ts';
import { loginCommand, type LoginItem, type Program } from './login-item.ts';
import { macLoginItem, type LoginItemSettings } from './login-item-mac.ts';

export interface SystemLoginItemOptions extends Program {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly app: LoginItemSettings;
  /** The name or the path of the app's icon, for desktops on Linux. */
  readonly icon: string;
}

/** This system's way to start the app at login; undefined where it has none that we know. */
export function systemLoginItem(options: SystemLoginItemOptions): LoginItem | undefined {
  const { platform, home, app, icon, env } = options;
  if (platform === 'darwin') return macLoginItem(app);
  if (platform !== 'linux') return undefined;
  return autostart({ file: autostartFile(env, home), command: loginCommand(options), icon });
}
