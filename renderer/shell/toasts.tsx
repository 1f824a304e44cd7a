import { useEffect, useRef } from 'react';
import { IconButton } from '../components/icon-button.tsx';
import { StateGlyph } from '../components/state-glyph.tsx';
import { Words } from '../components/words.tsx';

export interface Toast {
  readonly look: 'done' | 'error';
  readonly message: string;
  readonly hint?: string | undefined;
  readonly close: () => void;
}

/** What came of something the user did, over everything else. Failures stay until they are put away. */
export function Toasts({ toasts }: { readonly toasts: readonly Toast[] }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = box.current;
    if (toasts.length === 0) return;
    element?.showPopover(); // above a dialog that is open
    return () => element?.hidePopover();
  }, [toasts]);
  return (
    <>
      <div className="HiddenText" role="status">
        {toasts.at(-1)?.message}
      </div>
      <div ref={box} className="Toasts" popover="manual">
        {toasts.map((toast) => (
          <div key={toast.message} className="Toast" data-state={toast.look}>
            <StateGlyph look={toast.look} />
            <div className="Grow">
              <div>
                <Words text={toast.message} />
              </div>
              {toast.hint === undefined ? null : (
                <div className="Second">
                  <Words text={toast.hint} />
                </div>
              )}
            </div>
            {toast.look === 'error' ? <IconButton icon="close" label="Put away" onClick={toast.close} /> : null}
          </div>
        ))}
      </div>
    </>
  );
}
