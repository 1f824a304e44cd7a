import { useState } from 'react';
import { useApp, useHosts, useMirrored } from '../app-context.ts';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { Field } from '../components/field.tsx';
import { Select } from '../components/select.tsx';
import { sortedHosts } from '../models/forward-list.ts';
import { nameFromDir, nameProblem, stackOf } from '../models/new-stack.ts';
import { go } from '../route.ts';

/** A compose project on this machine, and the host where it shall run. */
export function AddStackDialog({ onClose }: { readonly onClose: () => void }) {
  const { act } = useApp();
  const hosts = sortedHosts(useHosts());
  const stacks = useMirrored(({ state }) => state?.stacks);
  const [host, setHost] = useState(hosts[0]?.id ?? '');
  const [dir, setDir] = useState('');
  const [ownName, setName] = useState<string>();
  const [files, setFiles] = useState('');
  const [remoteDir, setRemoteDir] = useState('');
  const name = ownName ?? nameFromDir(dir);
  const problem = nameProblem(name, Object.keys(stacks ?? {}));
  const stack = stackOf({ name, host, dir, files, remoteDir });
  const submit = async (): Promise<void> => {
    if (stack === undefined || problem !== undefined) return;
    if (!(await act((api) => api.stacks.add(stack)))) return;
    onClose();
    go({ view: 'stacks', stack: stack.name });
  };
  return (
    <Dialog
      title="Add a stack"
      onDismiss={onClose}
      onSubmit={() => void submit()}
      foot={
        <>
          <span className="Toolbar-gap" />
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" disabled={stack === undefined || problem !== undefined}>
            {name === '' ? 'Add' : `Add ${name}`}
          </Button>
        </>
      }
    >
      <p className="Dialog-text">A compose project on this machine, and where it shall run. Nothing is sent yet.</p>
      <div className="FormGrid Above-3">
        <Field
          label="Directory here"
          mono
          data-autofocus
          placeholder="~/code/shop"
          value={dir}
          onChange={(event) => setDir(event.target.value)}
        />
        <div className="FieldBlock">
          <span className="Field-label">Host</span>
          <Select label="Host" value={host} options={hosts.map(({ id }) => [id, id])} onChange={setHost} />
        </div>
        <Field
          label="Name"
          mono
          placeholder="shop"
          value={name}
          onChange={(event) => setName(event.target.value)}
          problem={problem}
        />
        <Field
          label="Compose files"
          mono
          placeholder="compose.yml"
          help="In the directory, with commas between. Empty: the usual ones"
          value={files}
          onChange={(event) => setFiles(event.target.value)}
        />
        <Field
          label="Directory on the host"
          mono
          placeholder={`~/towline/${name === '' ? 'shop' : name}`}
          value={remoteDir}
          onChange={(event) => setRemoteDir(event.target.value)}
        />
      </div>
    </Dialog>
  );
}
