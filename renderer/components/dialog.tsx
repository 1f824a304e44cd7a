import { useEffect, useId, useRef, type ReactNode } from 'react';
import { StateGlyph, type GlyphName } from './state-glyph.tsx';

interface DialogProps {
  readonly title: string;
  readonly look?: GlyphName;
  readonly children: ReactNode;
  /** The buttons, the safe one first. */
  readonly foot: ReactNode;
  /** `Esc`: the safe answer. */
  readonly onDismiss: () => void;
  readonly onSubmit: () => void;
}

/**
 * A question over everything else. The browser's own dialog: it holds the focus, makes the rest inert, and gives the focus
 * back where it was. Enter in a field submits.
 */
export function Dialog({ title, look, children, foot, onDismiss, onSubmit }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    element?.showModal();
    const first = element?.querySelector<HTMLElement>('[data-autofocus]');
    first?.focus();
    if (first instanceof HTMLInputElement) first.select();
    return () => {
      element?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      className="Dialog"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onDismiss();
      }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        <div className="Dialog-body">
          <h2 className="Dialog-title" id={id}>
            {look === undefined ? null : <StateGlyph look={look} />}
            {title}
          </h2>
          {children}
        </div>
        <div className="Dialog-foot">{foot}</div>
      </form>
    </dialog>
  );
}
