import type { SettingsView } from '../../shared/settings-view.ts';
import { useApp, useMirrored } from '../app-context.ts';
import { Switch } from '../components/switch.tsx';
import { SettingRow, SettingsGroup } from './setting-row.tsx';

const kinds: readonly (readonly [keyof SettingsView['notifications'], string, string])[] = [
  ['needsYou', 'A host needs you', 'It waits for a host key, a passphrase or a password'],
  ['connection', 'A line is lost, and back', 'Only when it was away for more than ten seconds'],
  ['ports', 'A port is another one', 'Remapped, or taken and not to be had'],
  ['deployments', 'A deployment has ended', 'Done, rolled back or failed'],
  [
    'warnings',
    'Something is not right',
    'A port that leads nowhere, a certificate that expires, a line that keeps breaking',
  ],
];

/** What only the tray app can do: start by itself, and notify. */
export function DesktopGroup() {
  const { act } = useApp();
  const isDesktop = useMirrored(({ state }) => state?.mode === 'desktop');
  const settings = useMirrored(({ state }) => state?.settings);
  if (!isDesktop || settings === undefined) return null;
  const { desktop, notifications } = settings;
  return (
    <>
      <SettingsGroup title="Tray">
        <SettingRow title="Start at login" help="Hidden: the icon in the tray, and the lines that were on">
          <Switch
            label="Start at login"
            on={desktop.startAtLogin}
            onChange={(startAtLogin) =>
              void act((api) => api.settings.update({ desktop: { ...desktop, startAtLogin } }))
            }
          />
        </SettingRow>
      </SettingsGroup>
      <SettingsGroup title="Notifications">
        {kinds.map(([kind, title, help]) => (
          <SettingRow key={kind} title={title} help={help}>
            <Switch
              label={title}
              on={notifications[kind]}
              onChange={(on) =>
                void act((api) => api.settings.update({ notifications: { ...notifications, [kind]: on } }))
              }
            />
          </SettingRow>
        ))}
      </SettingsGroup>
    </>
  );
}
