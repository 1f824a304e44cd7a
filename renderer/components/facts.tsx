import { Fragment, type ReactNode } from 'react';

/** Label and value pairs; a value that is not known takes its label away with it. */
export function Facts({ facts }: { readonly facts: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="Facts">
      {facts
        .filter(([, value]) => value !== undefined && value !== '')
        .map(([label, value]) => (
          <Fragment key={label}>
            <dt>{label}</dt>
            <dd title={typeof value === 'string' ? value : undefined}>{value}</dd>
          </Fragment>
        ))}
    </dl>
  );
}
