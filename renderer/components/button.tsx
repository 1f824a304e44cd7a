import type { ButtonHTMLAttributes } from 'react';
import { Icon, type IconName } from './icon.tsx';

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly variant?: 'primary' | 'plain' | 'danger';
  readonly small?: boolean;
  readonly icon?: IconName;
}

/** An action in words: what happens, not "OK". */
export function Button({ variant, small = false, icon, children, ...rest }: ButtonProps) {
  const classes = ['Button', variant === undefined ? '' : `is-${variant}`, small ? 'is-small' : ''];
  return (
    <button type="button" className={classes.filter(Boolean).join(' ')} {...rest}>
      {icon === undefined ? null : <Icon name={icon} />}
      {children}
    </button>
  );
}
