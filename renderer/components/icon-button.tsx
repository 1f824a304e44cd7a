import type { ButtonHTMLAttributes } from 'react';
import { Icon, type IconName } from './icon.tsx';

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly icon: IconName;
  readonly label: string;
  /** Shown after the label in the tooltip. */
  readonly hotkey?: string;
}

export function IconButton({ icon, label, hotkey, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      className="IconButton"
      aria-label={label}
      title={hotkey === undefined ? label : `${label} (${hotkey})`}
      {...rest}
    >
      <Icon name={icon} />
    </button>
  );
}
