import type { LoginItem, LoginItemState } from './login-item.ts';

/** What is used of Electron's `app`. */
export interface LoginItemSettings {
  setLoginItemSettings(settings: { readonly openAtLogin: boolean }): void;
  /** `status`: `not-registered`, `enabled`, `requires-approval` or `not-found`, on macOS 13 and later. */
  getLoginItemSettings(): { readonly openAtLogin: boolean; readonly status: string };
}

const needsUser: LoginItemState = {
  kind: 'needs-user',
  failure: {
    code: 'login-item-needs-approval',
    message: 'macOS does not start Towline at login before you allow it.',
    hint: 'Open System Settings, General, Login Items, and switch Towline on.',
  },
};

/** macOS's own login item. It needs a signed app; whether it is on is only known by asking. */
export function macLoginItem(app: LoginItemSettings): LoginItem {
  const look = (): LoginItemState => {
    const { openAtLogin, status } = app.getLoginItemSettings();
    if (status === 'requires-approval') return needsUser;
    return openAtLogin || status === 'enabled' ? { kind: 'on' } : { kind: 'off' };
  };
  const set = async (on: boolean): Promise<LoginItemState> => {
    app.setLoginItemSettings({ openAtLogin: on });
    return look();
  };
  return {
    set,
    refresh: async (wanted) => {
      const now = look();
      if (wanted) return now.kind === 'off' ? set(true) : now;
      return now.kind === 'off' ? now : set(false);
    },
  };
}
