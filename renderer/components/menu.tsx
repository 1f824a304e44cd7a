import { useEffect, useRef, type KeyboardEvent } from 'react';

export interface MenuItem {
  readonly label: string;
  readonly hotkey?: string;
  readonly danger?: boolean;
  readonly run: () => void;
}

interface MenuProps {
  readonly label: string;
  readonly items: readonly MenuItem[];
  /** Where it opens: its top right corner, in px of the window. */
  readonly at: { readonly right: number; readonly top: number };
  readonly onClose: () => void;
}

const rowPx = 30;

/** A list of actions over the view. Arrow keys move, Enter runs, Esc or a click elsewhere closes. */
export function Menu({ label, items, at, onClose }: MenuProps) {
  const menu = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    menu.current?.showPopover();
    menu.current?.querySelector('button')?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  const onKeyDown = (event: KeyboardEvent): void => {
    const buttons = [...(menu.current?.querySelectorAll('button') ?? [])];
    const index = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const target = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: -1 }[event.key];
    event.stopPropagation();
    if (event.key === 'Tab') onClose();
    if (target === undefined) return;
    event.preventDefault();
    buttons.at(target % buttons.length)?.focus();
  };
  const top = Math.min(at.top, window.innerHeight - items.length * rowPx - 24);
  return (
    <div
      ref={menu}
      popover="auto"
      role="menu"
      aria-label={label}
      className="Menu"
      style={{ top, right: window.innerWidth - at.right }}
      onKeyDown={onKeyDown}
      onToggle={(event) => event.newState === 'closed' && onClose()}
    >
      {items.map((item) => (
        <button
          key={item.label}
          type="button"
          role="menuitem"
          tabIndex={-1}
          className={item.danger === true ? 'Menu-item is-danger' : 'Menu-item'}
          onClick={() => {
            onClose();
            item.run();
          }}
        >
          {item.label}
          {item.hotkey === undefined ? null : <kbd>{item.hotkey}</kbd>}
        </button>
      ))}
    </div>
  );
}
