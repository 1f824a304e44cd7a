import type { SelectHTMLAttributes } from 'react';
import { Icon } from './icon.tsx';

interface SelectProps<T extends string> extends Omit<SelectHTMLAttributes<HTMLSelectElement>, 'onChange' | 'value'> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly (readonly [T, string])[];
  readonly onChange: (value: T) => void;
}

/** One of a few, by the system's own list. */
export function Select<T extends string>({ label, value, options, onChange, ...rest }: SelectProps<T>) {
  return (
    <span className="Select">
      <select aria-label={label} value={value} onChange={(event) => onChange(event.target.value as T)} {...rest}>
        {options.map(([option, words]) => (
          <option key={option} value={option}>
            {words}
          </option>
        ))}
      </select>
      <Icon name="down" />
    </span>
  );
}
