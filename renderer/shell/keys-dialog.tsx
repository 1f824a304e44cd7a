import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { modName } from './use-global-keys.ts';

const groups: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
  [
    'Anywhere',
    [
      ['G F', 'Forwards'],
      ['G S', 'Stacks'],
      ['G L', 'Logs'],
      ['G T', 'Timeline'],
      ['G R', 'Rules'],
      ['G ,', 'Settings'],
      ['G H', 'Add a host'],
      [`/ or ${modName} F`, 'Filter'],
      ['F6', 'Sidebar, toolbar, content'],
      ['?', 'This list'],
    ],
  ],
  [
    'On a forward',
    [
      ['↑ ↓ Home End', 'Move'],
      ['Enter', 'Open, or copy its command'],
      [`${modName} C`, 'Copy the address'],
      ['Space', 'Details'],
      ['P', 'Pause or resume'],
      ['R', 'Change the local port'],
      ['I', 'Ignore'],
      ['Shift F10', 'All actions'],
    ],
  ],
  [
    'On a host',
    [
      ['← →', 'Fold and unfold'],
      ['Enter', 'Open its page'],
    ],
  ],
  [
    'In a log or timeline',
    [
      [`Enter or ${modName} G`, 'Next match'],
      [`Shift ${modName} G`, 'Previous match'],
      ['Home', 'To the oldest line'],
      ['End', 'Follow again'],
    ],
  ],
  [
    'On a stack',
    [
      ['← →', 'Move'],
      [`${modName} Enter`, 'Deploy'],
      [`Shift ${modName} Enter`, 'Dry run'],
      [`${modName} .`, 'Cancel'],
    ],
  ],
];

/** What the keyboard does. */
export function KeysDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog
      title="Keyboard"
      onDismiss={onClose}
      onSubmit={onClose}
      foot={
        <>
          <span className="Dialog-queue">Single letters can be switched off in the settings.</span>
          <span className="Toolbar-gap" />
          <Button variant="primary" type="submit" data-autofocus>
            Close
          </Button>
        </>
      }
    >
      <div className="KeyGroups">
        {groups.map(([title, keys]) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {keys.map(([key, words]) => (
                <div key={key}>
                  <dt>
                    <kbd>{key}</kbd>
                  </dt>
                  <dd>{words}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
