import { useRef, useState } from 'react';
import type { ProfileChange } from '../../shared/profile-file.ts';
import { useApp } from '../app-context.ts';
import { Button } from '../components/button.tsx';
import { ImportDialog } from './import-dialog.tsx';
import { saveText } from '../save-text.ts';
import { SettingRow, SettingsGroup } from './setting-row.tsx';

interface Brought {
  readonly name: string;
  readonly text: string;
  readonly changes: readonly ProfileChange[];
}

/** What one takes along to another machine, and what comes from one. */
export function ProfileGroup() {
  const { act, tell } = useApp();
  const input = useRef<HTMLInputElement>(null);
  const [brought, setBrought] = useState<Brought>();
  const save = (): void => void act(async (api) => saveText('towline-profile.json', (await api.profile.export()).text));
  const open = (file: File | undefined): void => {
    if (file === undefined) return;
    void act(async (api) => {
      const text = await file.text();
      setBrought({ name: file.name, text, changes: await api.profile.preview({ text }) });
    });
  };
  const take = ({ text }: Brought): void => {
    setBrought(undefined);
    void act((api) => api.profile.apply({ text })).then((done) => done && tell('Brought in'));
  };
  return (
    <SettingsGroup title="Take along">
      <SettingRow title="Hosts, rules, stacks and settings" help="As one file for another machine; never secrets">
        <Button small onClick={save}>
          Export
        </Button>
        <Button small onClick={() => input.current?.click()}>
          Import
        </Button>
        <input
          ref={input}
          type="file"
          accept=".json,application/json"
          aria-label="File to import"
          hidden
          onChange={(event) => {
            open(event.target.files?.[0]);
            event.target.value = '';
          }}
        />
      </SettingRow>
      {brought === undefined ? null : (
        <ImportDialog
          name={brought.name}
          changes={brought.changes}
          onTake={() => take(brought)}
          onClose={() => setBrought(undefined)}
        />
      )}
    </SettingsGroup>
  );
}
