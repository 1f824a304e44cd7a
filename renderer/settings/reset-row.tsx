import { useState } from 'react';
import { useApp } from '../app-context.ts';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { resetPreferences } from '../preferences.ts';
import { SettingRow } from './setting-row.tsx';

/** All switches as on the first day; what the user has made stays. */
export function ResetRow() {
  const { act, tell } = useApp();
  const [asking, setAsking] = useState(false);
  const reset = async (): Promise<void> => {
    setAsking(false);
    if (!(await act((api) => api.settings.reset()))) return;
    resetPreferences();
    tell('All settings are as on the first day');
  };
  return (
    <SettingRow title="Reset settings" help="Everything on this page; hosts, rules and stacks stay">
      <Button small onClick={() => setAsking(true)}>
        Reset
      </Button>
      {asking ? (
        <Dialog
          title="Reset all settings?"
          onDismiss={() => setAsking(false)}
          onSubmit={() => setAsking(false)}
          foot={
            <>
              <Button variant="danger" onClick={() => void reset()}>
                Reset settings
              </Button>
              <span className="Toolbar-gap" />
              <Button variant="primary" type="submit" data-autofocus>
                Leave them
              </Button>
            </>
          }
        >
          <p className="Dialog-text">
            All switches on this page are as on the first day. Hosts, rules and stacks stay as they are.
          </p>
        </Dialog>
      ) : null}
    </SettingRow>
  );
}
