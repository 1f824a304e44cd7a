import type { ReactNode } from 'react';
import { Icon, type IconName } from '../components/icon.tsx';

interface NavItemProps {
  readonly icon?: IconName;
  readonly href: string;
  readonly current: boolean;
  readonly count?: number;
  readonly children: ReactNode;
}

export function NavItem({ icon, href, current, count, children }: NavItemProps) {
  return (
    <a className={current ? 'NavItem is-current' : 'NavItem'} href={href} aria-current={current ? 'page' : undefined}>
      {icon === undefined ? null : <Icon name={icon} />}
      {children}
      {count === undefined || count === 0 ? null : <span className="NavItem-count">{count}</span>}
    </a>
  );
}
