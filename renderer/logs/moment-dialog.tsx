import { useState } from 'react';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { Field } from '../components/field.tsx';
import { go } from '../route.ts';

interface MomentDialogProps {
  readonly hostId: string;
  readonly name: string;
  /** RFC 3339: the moment that is on show. */
  readonly from: string | undefined;
  readonly onClose: () => void;
}

/** At what time a log shall be opened, by the clock of this machine. */
export function MomentDialog({ hostId, name, from, onClose }: MomentDialogProps) {
  const [text, setText] = useState(() => localText(from === undefined ? new Date() : new Date(from)));
  const moment = Date.parse(text);
  const valid = !Number.isNaN(moment);
  return (
    <Dialog
      title={`Open the log of ${name} at`}
      onDismiss={onClose}
      onSubmit={() => {
        if (!valid) return;
        onClose();
        go({ view: 'logs', hostId, name, at: new Date(moment).toISOString() });
      }}
      foot={
        <>
          <span className="Toolbar-gap" />
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" disabled={!valid}>
            Open
          </Button>
        </>
      }
    >
      <div className="Above-3">
        <Field
          label="Time, by this machine’s clock"
          type="datetime-local"
          step={1}
          data-autofocus
          value={text}
          onChange={(event) => setText(event.target.value)}
          help="The lines around it are shown, with the first one at or after it marked."
        />
      </div>
    </Dialog>
  );
}

/** As the browser's field has it: `2026-11-20T14:31:02`, here. */
function localText(date: Date): string {
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}
