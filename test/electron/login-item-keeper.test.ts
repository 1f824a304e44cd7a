import { expect, test } from 'vitest';
import { LoginItemKeeper } from '../../electron/login-item-keeper.ts';
import type { LoginItemState } from '../../electron/login-item.ts';
import { Emitter } from '../../engine/base/emitter.ts';
import { defaultSettings, type Settings } from '../../shared/settings.ts';
import { FailureError, type Failure } from '../../shared/failure.ts';
import { waitFor } from '../support/wait-for.ts';

function settingsWith(startAtLogin: boolean): Settings {
  return { ...defaultSettings, desktop: { startAtLogin } };
}

function setUp(startAtLogin: boolean, answer: () => Promise<LoginItemState>) {
  const changed = new Emitter<Settings>();
  const calls: string[] = [];
  const failures: Failure[] = [];
  let settings = settingsWith(startAtLogin);
  const become = (next: Settings): void => {
    settings = next;
    changed.fire(next);
  };
  const keeper = new LoginItemKeeper({
    item: {
      set: (on) => (calls.push(`set ${on}`), answer()),
      refresh: (wanted) => (calls.push(`refresh ${wanted}`), answer()),
    },
    settings: {
      get settings() {
        return settings;
      },
      onDidChange: changed.event,
      update: async (change) => become(change(settings)),
    },
    fail: (failure) => void failures.push(failure),
  });
  return { keeper, calls, failures, become, wanted: () => settings.desktop.startAtLogin };
}
const on = async (): Promise<LoginItemState> => ({ kind: 'on' });

test('at the start the list is brought up to date, afterwards it follows the settings', async () => {
  const { keeper, calls, become } = setUp(true, on);
  await keeper.refresh();
  become({ ...settingsWith(true), rules: [] });
  become(settingsWith(false));
  await waitFor(() => calls.length === 2, { what: 'the change to arrive' });
  expect(calls).toEqual(['refresh true', 'set false']);
  await keeper.dispose();
});

test("when the user has switched the app off in the system's settings, ours follow", async () => {
  const { keeper, calls, wanted } = setUp(true, async () => ({ kind: 'off' }));
  await keeper.refresh();
  expect({ calls, wanted: wanted() }).toEqual({ calls: ['refresh true'], wanted: false });
  await keeper.dispose();
});

test('what the system refuses is told, and does not end the keeping', async () => {
  const failure = { code: 'autostart-unwritable', message: 'no' };
  const { keeper, calls, failures, become } = setUp(false, () => Promise.reject(new FailureError(failure)));
  await keeper.refresh();
  become(settingsWith(true));
  await waitFor(() => failures.length === 2, { what: 'the second failure' });
  expect({ calls, failures }).toEqual({ calls: ['refresh false', 'set true'], failures: [failure, failure] });
  await keeper.dispose();
});

test('an approval that only the user can give is asked for', async () => {
  const failure = { code: 'login-item-needs-approval', message: 'no' };
  const { keeper, failures } = setUp(true, async () => ({ kind: 'needs-user', failure }));
  await keeper.refresh();
  expect(failures).toEqual([failure]);
  await keeper.dispose();
});

test('once disposed it follows nothing', async () => {
  const { keeper, calls, become } = setUp(false, on);
  await keeper.dispose();
  become(settingsWith(true));
  await Promise.resolve();
  expect(calls).toEqual([]);
});
