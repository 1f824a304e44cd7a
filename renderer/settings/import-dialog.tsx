import type { ProfileChange } from '../../shared/profile-file.ts';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';

interface ImportDialogProps {
  readonly name: string;
  readonly changes: readonly ProfileChange[];
  readonly onTake: () => void;
  readonly onClose: () => void;
}

const words = { added: 'new', changed: 'changed', same: 'as here' } as const;
const kinds = { host: 'Host', rule: 'Rule', stack: 'Stack', settings: 'Settings' } as const;

/** What a file would bring, before it is brought in. */
export function ImportDialog({ name, changes, onTake, onClose }: ImportDialogProps) {
  const news = changes.filter(({ change }) => change !== 'same').length;
  return (
    <Dialog
      title={news === 0 ? `${name} brings nothing new` : `Bring in ${name}?`}
      onDismiss={onClose}
      onSubmit={news === 0 ? onClose : onTake}
      foot={
        <>
          <span className="Toolbar-gap" />
          <Button onClick={onClose} data-autofocus>
            {news === 0 ? 'Close' : 'Not now'}
          </Button>
          {news === 0 ? null : (
            <Button variant="primary" type="submit">
              {`Bring in ${news}`}
            </Button>
          )}
        </>
      }
    >
      <p className="Dialog-text">Nothing that is here is removed. Hosts that come new connect at once.</p>
      <ul className="ImportList" aria-label="What it brings">
        {changes.map(({ what, name: called, change }, i) => (
          <li key={`${what} ${called} ${i}`} className={change === 'same' ? 'ImportItem is-same' : 'ImportItem'}>
            <span className="Quiet">{kinds[what]}</span>
            <b className="Clip" title={called}>
              {called}
            </b>
            <span className={change === 'same' ? 'Chip is-outline' : 'Chip'}>{words[change]}</span>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
