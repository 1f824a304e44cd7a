import { useState } from 'react';
import type { ForwardTarget } from '../../shared/forward.ts';
import { useApp, useHosts } from '../app-context.ts';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { Field } from '../components/field.tsx';
import { Select } from '../components/select.tsx';
import { sortedHosts } from '../models/forward-list.ts';
import { localPortOf } from '../models/rule-words.ts';

/** `5432`, `10.0.0.7:5432`, `[::1]:80` or `/run/app.sock`, as seen from the host; undefined while it is none of these. */
export function parseForwardTarget(text: string): ForwardTarget | undefined {
  const trimmed = text.trim();
  if (trimmed.startsWith('/')) return { kind: 'unix', path: trimmed };
  const parts = /^(?:(?:\[([0-9a-f:]+)\]|([^\s:[\]]+)):)?(\d{1,5})$/i.exec(trimmed);
  const port = localPortOf(parts?.[3] ?? '');
  return typeof port === 'number' ? { kind: 'tcp', address: parts?.[1] ?? parts?.[2] ?? '127.0.0.1', port } : undefined;
}

/** A forward made by hand: to a port that no container publishes, or that only the host can reach. */
export function AddForwardDialog({ hostId, onClose }: { readonly hostId?: string; readonly onClose: () => void }) {
  const { act } = useApp();
  const hosts = sortedHosts(useHosts());
  const [host, setHost] = useState(hostId ?? hosts[0]?.id ?? '');
  const [far, setFar] = useState('');
  const [near, setNear] = useState('');
  const [label, setLabel] = useState('');
  const target = parseForwardTarget(far);
  const localPort = localPortOf(near === '' && target?.kind === 'tcp' ? String(target.port) : near);
  const ready = target !== undefined && typeof localPort === 'number';
  const submit = async (): Promise<void> => {
    if (!ready) return;
    const named = label.trim() === '' ? {} : { label: label.trim() };
    if (await act((api) => api.forwards.add({ hostId: host, target, localPort, ...named }))) onClose();
  };
  return (
    <Dialog
      title="Forward a port by hand"
      onDismiss={onClose}
      onSubmit={() => void submit()}
      foot={
        <>
          <span className="Toolbar-gap" />
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" disabled={!ready}>
            {ready ? `Forward to localhost:${localPort}` : 'Forward'}
          </Button>
        </>
      }
    >
      <p className="Dialog-text">Published ports come by themselves. This is for others the host can reach.</p>
      <div className="FormGrid Above-3">
        <div className="FieldBlock">
          <span className="Field-label">Host</span>
          <Select label="Host" value={host} options={hosts.map(({ id }) => [id, id])} onChange={setHost} />
        </div>
        <Field
          label="To, as seen from the host"
          mono
          data-autofocus
          placeholder="5432 or 10.0.0.7:5432"
          value={far}
          onChange={(event) => setFar(event.target.value)}
          problem={far === '' || target !== undefined ? undefined : 'A port, address:port, or the path of a socket.'}
        />
        <Field
          label="Local port"
          mono
          inputMode="numeric"
          placeholder={target?.kind === 'tcp' ? String(target.port) : ''}
          value={near}
          onChange={(event) => setNear(event.target.value)}
          problem={localPort === 'invalid' ? 'A port is a number from 1 to 65535.' : undefined}
        />
        <Field
          label="Name, if it shall have one"
          value={label}
          maxLength={200}
          onChange={(event) => setLabel(event.target.value)}
        />
      </div>
    </Dialog>
  );
}
