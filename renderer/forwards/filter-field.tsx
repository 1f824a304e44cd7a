import { Icon } from '../components/icon.tsx';

interface FilterFieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly label: string;
}

/** `/` comes here; `Esc` clears, then leaves. */
export function FilterField({ value, onChange, label }: FilterFieldProps) {
  return (
    <label className="Field is-filter">
      <Icon name="search" />
      <input
        type="search"
        value={value}
        placeholder={label}
        aria-label={label}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.preventDefault();
          if (value === '') event.currentTarget.blur();
          else onChange('');
        }}
      />
      <kbd className="Key" aria-hidden="true">
        /
      </kbd>
    </label>
  );
}
