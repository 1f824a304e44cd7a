import type { ReactNode } from 'react';

interface SettingRowProps {
  readonly title: string;
  readonly help?: ReactNode;
  readonly children?: ReactNode;
}

export function SettingRow({ title, help, children }: SettingRowProps) {
  return (
    <div className="SettingRow">
      <div className="SettingRow-words">
        {title}
        {help === undefined ? null : <div className="SettingRow-help">{help}</div>}
      </div>
      {children}
    </div>
  );
}

export function SettingsGroup({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section aria-label={title}>
      <h2 className="SettingsGroup-title">{title}</h2>
      <div className="SettingsGroup">{children}</div>
    </section>
  );
}
