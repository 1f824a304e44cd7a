import { Button } from '../components/button.tsx';
import { Empty } from '../components/empty.tsx';

export function NoStack({ onAdd }: { readonly onAdd: () => void }) {
  return (
    <div className="View-body">
      <Empty
        title="No stack yet"
        actions={
          <Button variant="primary" icon="plus" onClick={onAdd}>
            Add stack
          </Button>
        }
      >
        A stack is a compose project on this machine and the host where it runs. One click sends what has changed,
        builds, starts and checks it; if it does not work, the release before comes back.
      </Empty>
    </div>
  );
}
