import { useState } from 'react';
import { useApp, useMirrored } from '../app-context.ts';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { DiagnosticsRow } from './diagnostics-row.tsx';
import { ResetRow } from './reset-row.tsx';
import { SettingRow, SettingsGroup } from './setting-row.tsx';
import { clockTime } from '../format.ts';

/** Which engine this is, and the way to stop it. */
export function AboutGroup() {
  const { act } = useApp();
  const [stopping, setStopping] = useState(false);
  const version = useMirrored(({ state }) => state?.version ?? '');
  const startedAt = useMirrored(({ state }) => state?.startedAt ?? 0);
  const pid = useMirrored(({ state }) => state?.pid ?? 0);
  const late = useMirrored(({ state }) => state?.loopDelay?.maxMs);
  const mode = useMirrored(({ state }) => (state?.mode === 'desktop' ? 'in the tray' : 'without a window of its own'));
  const stop = async (): Promise<void> => {
    setStopping(false);
    await act((api) => api.engine.stop());
  };
  return (
    <SettingsGroup title="Engine">
      <SettingRow
        title={`Towline ${version}`}
        help={`Runs ${mode}, process ${pid}, since ${clockTime(startedAt, Date.now())}${late === undefined ? '' : `. In the last minute it was busy for ${late} ms at most`}`}
      >
        <Button small onClick={() => setStopping(true)}>
          Stop Towline
        </Button>
      </SettingRow>
      <DiagnosticsRow />
      <ResetRow />
      {stopping ? (
        <Dialog
          title="Stop Towline?"
          onDismiss={() => setStopping(false)}
          onSubmit={() => setStopping(false)}
          foot={
            <>
              <Button variant="danger" onClick={() => void stop()}>
                Stop Towline
              </Button>
              <span className="Toolbar-gap" />
              <Button variant="primary" type="submit" data-autofocus>
                Keep it running
              </Button>
            </>
          }
        >
          <p className="Dialog-text">All connections end and all ports close. Start it again with towline up.</p>
        </Dialog>
      ) : null}
    </SettingsGroup>
  );
}
