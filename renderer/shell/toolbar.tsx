import type { ReactNode } from 'react';

interface ToolbarProps {
  readonly title: string;
  readonly count?: number;
  /** Beside the title. */
  readonly aside?: ReactNode;
  /** At the right end. */
  readonly children?: ReactNode;
}

export function Toolbar({ title, count, aside, children }: ToolbarProps) {
  return (
    <header className="Toolbar" data-region="toolbar" tabIndex={-1}>
      <h1 className="Toolbar-title">
        {title}
        {count === undefined ? null : <span className="Toolbar-count">{count}</span>}
      </h1>
      {aside}
      <span className="Toolbar-gap" />
      {children}
    </header>
  );
}
