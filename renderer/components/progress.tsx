import type { CSSProperties } from 'react';

/** How much is done, 0 to 1; never without an end. */
export function Progress({ label, value }: { readonly label: string; readonly value: number }) {
  const percent = Math.round(Math.min(1, Math.max(0, value)) * 100);
  return (
    <div
      className="Progress"
      data-state="connecting"
      role="progressbar"
      aria-label={label}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
    >
      <i style={{ '--value': `${percent}%` } as CSSProperties} />
    </div>
  );
}
