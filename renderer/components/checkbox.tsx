import type { ReactNode } from 'react';

interface CheckboxProps {
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly children: ReactNode;
}

export function Checkbox({ checked, onChange, children }: CheckboxProps) {
  return (
    <label className="Option">
      <span className="Checkbox">
        <input type="checkbox" checked={checked} onChange={(event) => onChange(event.target.checked)} />
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="M3 8.4 6.6 12 13 4.6" />
        </svg>
      </span>
      {children}
    </label>
  );
}
