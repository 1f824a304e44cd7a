import type { Failure } from '../../shared/failure.ts';
import { isRemapped } from '../../shared/words.ts';
import { Words } from '../components/words.tsx';
import type { ForwardItem } from '../models/forward-list.ts';
import { useCommands } from './row-commands.ts';

interface RowReasonProps {
  readonly item: ForwardItem;
  readonly id: string;
  readonly reason: Failure;
  readonly current: boolean;
}

/** Why it is not as it was wished, and what can be done. */
export function RowReason({ item, id, reason, current }: RowReasonProps) {
  const commands = useCommands();
  const { forward } = item;
  const movable = forward.state === 'conflict' || forward.state === 'refused' || isRemapped(forward);
  const tab = { tabIndex: current ? 0 : -1 };
  return (
    <div className="ForwardRow-reason" role="gridcell">
      <span id={id}>
        <Words text={reason.message} />
        {reason.hint === undefined ? null : (
          <>
            {' '}
            <Words text={reason.hint} />
          </>
        )}
      </span>
      {movable ? (
        <button {...tab} type="button" className="Link" onClick={() => commands.remap(item)}>
          Change port
        </button>
      ) : null}
      {forward.state === 'unsupported' ? (
        <button {...tab} type="button" className="Link" onClick={() => commands.ignore(item)}>
          Ignore
        </button>
      ) : null}
    </div>
  );
}
