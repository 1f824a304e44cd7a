import { useState } from 'react';
import { useApp } from '../app-context.ts';
import { Button } from '../components/button.tsx';
import { saveBytes } from '../save-text.ts';
import { SettingRow } from './setting-row.tsx';

/** What one sends to whoever is to help. */
export function DiagnosticsRow() {
  const { act, tell } = useApp();
  const [collecting, setCollecting] = useState(false);
  const save = async (): Promise<void> => {
    setCollecting(true);
    const done = await act(async (api) => {
      const { name, zip } = await api.diagnostics.collect({});
      saveBytes(
        name,
        Uint8Array.from(atob(zip), (letter) => letter.charCodeAt(0)),
        'application/zip',
      );
    });
    setCollecting(false);
    if (done) tell('Collected. Look through it before you give it away');
  };
  return (
    <SettingRow
      title="Diagnostics"
      help="One zip with versions, settings, state, timeline and log; no passwords, keys or tokens"
    >
      <Button small disabled={collecting} onClick={() => void save()}>
        {collecting ? 'Collecting…' : 'Save diagnostics'}
      </Button>
    </SettingRow>
  );
}
