import { useApp } from '../app-context.ts';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { go } from '../route.ts';

export function RemoveHostDialog({ hostId, onClose }: { readonly hostId: string; readonly onClose: () => void }) {
  const { act } = useApp();
  const remove = async (): Promise<void> => {
    const removed = await act((api) => api.hosts.remove({ hostId }));
    onClose();
    if (removed) go({ view: 'forwards' });
  };
  return (
    <Dialog
      title={`Remove ${hostId}?`}
      onDismiss={onClose}
      onSubmit={onClose}
      foot={
        <>
          <Button variant="danger" onClick={() => void remove()}>
            Remove {hostId}
          </Button>
          <span className="Toolbar-gap" />
          <Button variant="primary" type="submit" data-autofocus>
            Keep it
          </Button>
        </>
      }
    >
      <p className="Dialog-text">
        Its connection ends and its ports close here. The forwards you made by hand for it are forgotten. Nothing
        changes on the host itself.
      </p>
    </Dialog>
  );
}
