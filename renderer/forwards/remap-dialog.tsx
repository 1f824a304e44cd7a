import { useState } from 'react';
import { localAddress } from '../../shared/words.ts';
import { useApp } from '../app-context.ts';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { Field } from '../components/field.tsx';
import type { ForwardItem } from '../models/forward-list.ts';
import { localPortOf } from '../models/rule-words.ts';

/** Another local port for one forward. */
export function RemapDialog({ item, onClose }: { readonly item: ForwardItem; readonly onClose: () => void }) {
  const { act } = useApp();
  const { forward, hostId } = item;
  const [text, setText] = useState(String(forward.local.port));
  const port = localPortOf(text);
  const valid = typeof port === 'number';
  const other = valid && port !== forward.local.port;
  const name = forward.service ?? forward.container ?? forward.id;
  const submit = async (): Promise<void> => {
    if (!other) return;
    if (await act((api) => api.forwards.remap({ hostId, forwardId: forward.id, localPort: port }))) onClose();
  };
  return (
    <Dialog
      title={`Another local port for ${name}`}
      onDismiss={onClose}
      onSubmit={() => void submit()}
      foot={
        <>
          <span className="Toolbar-gap" />
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" disabled={!other}>
            {other ? `Use ${port}` : 'Use it'}
          </Button>
        </>
      }
    >
      <p className="Dialog-text">
        It is on {localAddress(forward)} now
        {forward.active > 0 ? `, with ${forward.active} open connections, which end` : ''}.{' '}
        {forward.source === 'manual' ? '' : 'The choice becomes a rule, so that it outlives the container.'}
      </p>
      <div className="Above-3">
        <Field
          label="Local port"
          mono
          data-autofocus
          inputMode="numeric"
          value={text}
          onChange={(event) => setText(event.target.value)}
          problem={valid || text === '' ? undefined : 'A port is a number from 1 to 65535.'}
        />
      </div>
    </Dialog>
  );
}
