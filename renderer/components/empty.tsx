import type { ReactNode } from 'react';

interface EmptyProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly actions?: ReactNode;
}

/** Nothing here yet, and how something comes here. */
export function Empty({ title, children, actions }: EmptyProps) {
  return (
    <div className="Empty Grow">
      <h2 className="Empty-title">{title}</h2>
      <p className="Empty-text">{children}</p>
      {actions === undefined ? null : <div className="Empty-actions">{actions}</div>}
    </div>
  );
}
