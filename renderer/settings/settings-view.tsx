import { useApp, useMirrored } from '../app-context.ts';
import { Segmented } from '../components/segmented.tsx';
import { Select } from '../components/select.tsx';
import { Switch } from '../components/switch.tsx';
import { setPreferences, usePreferences } from '../preferences.ts';
import { Toolbar } from '../shell/toolbar.tsx';
import { AboutGroup } from './about-group.tsx';
import { CommandGroup } from './command-group.tsx';
import { DesktopGroup } from './desktop-group.tsx';
import { ProfileGroup } from './profile-group.tsx';
import { SecondsField } from './seconds-field.tsx';
import { SettingRow, SettingsGroup } from './setting-row.tsx';

/** What the engine keeps in its file, and what belongs to this window. */
export function SettingsView() {
  return (
    <>
      <Toolbar title="Settings" />
      <div className="View-body is-padded is-scrolling">
        <div className="SettingsGrid-groups">
          <DesktopGroup />
          <WindowGroup />
          <PortsGroup />
          <ProfileGroup />
          <CommandGroup />
          <AboutGroup />
        </div>
      </div>
    </>
  );
}

function WindowGroup() {
  const { theme, letterKeys } = usePreferences();
  return (
    <SettingsGroup title="This window">
      <SettingRow title="Appearance">
        <Segmented
          label="Appearance"
          value={theme}
          onChange={(value) => setPreferences({ theme: value })}
          options={[
            ['system', 'System'],
            ['light', 'Light'],
            ['dark', 'Dark'],
          ]}
        />
      </SettingRow>
      <SettingRow
        title="Single letters are commands"
        help="P pauses, R changes the port, G F goes to the forwards; ? shows all"
      >
        <Switch
          label="Single letters are commands"
          on={letterKeys}
          onChange={(on) => setPreferences({ letterKeys: on })}
        />
      </SettingRow>
    </SettingsGroup>
  );
}

function PortsGroup() {
  const { act } = useApp();
  const settings = useMirrored(({ state }) => state?.settings);
  if (settings === undefined) return null;
  const { ports, outage, log } = settings;
  return (
    <>
      <SettingsGroup title="Ports">
        <SettingRow title="When a port is taken here" help="The other port is kept for that container">
          <Select
            label="When a port is taken here"
            value={ports.policy}
            options={[
              ['remap', 'Use another port'],
              ['require', 'Wait until it is free'],
            ]}
            onChange={(policy) => void act((api) => api.settings.update({ ports: { ...ports, policy } }))}
          />
        </SettingRow>
        <SettingRow
          title="Offer ports to the local network"
          help="Off: 127.0.0.1 and ::1 only. On: rules and labels may bind other addresses"
        >
          <Switch
            label="Offer ports to the local network"
            on={ports.allowLan}
            onChange={(allowLan) => void act((api) => api.settings.update({ ports: { ...ports, allowLan } }))}
          />
        </SettingRow>
      </SettingsGroup>
      <SettingsGroup title="While the line is down">
        <SettingRow title="Hold new clients" help="They wait for the line this long before they are turned away">
          <SecondsField
            label="Hold new clients"
            ms={outage.holdMs}
            mostMs={600_000}
            onChange={(holdMs) => void act((api) => api.settings.update({ outage: { ...outage, holdMs } }))}
          />
        </SettingRow>
        <SettingRow title="Close the ports" help="After this long without the line; they open again with it">
          <SecondsField
            label="Close the ports"
            ms={outage.suspendAfterMs}
            mostMs={3_600_000}
            onChange={(suspendAfterMs) =>
              void act((api) => api.settings.update({ outage: { ...outage, suspendAfterMs } }))
            }
          />
        </SettingRow>
      </SettingsGroup>
      <SettingsGroup title="Log">
        <SettingRow title="What Towline writes down" help="In its own log file; never secrets">
          <Select
            label="What Towline writes down"
            value={log.level}
            options={[
              ['error', 'Errors'],
              ['warn', 'Warnings'],
              ['info', 'What happens'],
              ['debug', 'Everything'],
            ]}
            onChange={(level) => void act((api) => api.settings.update({ log: { level } }))}
          />
        </SettingRow>
      </SettingsGroup>
    </>
  );
}
