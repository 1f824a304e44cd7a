import { sleep, type Clock } from '../engine/base/clock.ts';
import { busNameHasOwner, busPath } from './session-bus.ts';

/** Who draws tray icons on a Linux desktop: KDE, most others, and GNOME with an extension. Bare GNOME has nobody. */
const watcher = 'org.kde.StatusNotifierWatcher';

/** Whether a tray icon would be seen by anybody. macOS and Windows always have a place for one. */
export async function hasTrayHost(
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
  clock: Clock,
): Promise<boolean> {
  if (platform !== 'linux') return true;
  return busNameHasOwner(bus(env), watcher, clock);
}

/** How long a desktop that is just starting up may take to have its tray, and how often it is asked. */
const patienceMs = 10_000;
const lookMs = 500;

/** The same for an app that starts together with its desktop: waits a while for the tray to appear. */
export async function awaitTrayHost(
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
  clock: Clock,
): Promise<boolean> {
  const deadline = clock.monotonic() + (platform === 'linux' && busPath(bus(env)) === undefined ? 0 : patienceMs);
  while (!(await hasTrayHost(platform, env, clock))) {
    if (clock.monotonic() >= deadline) return false;
    await sleep(clock, lookMs);
  }
  return true;
}

function bus(env: Readonly<Record<string, string | undefined>>): string | undefined {
  return env['DBUS_SESSION_BUS_ADDRESS'];
}
