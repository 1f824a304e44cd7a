import { useState, type Ref } from 'react';
import { Field } from './field.tsx';
import { IconButton } from './icon-button.tsx';

interface SecretFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly problem?: string | undefined;
  readonly ref?: Ref<HTMLInputElement>;
}

/** Text that is hidden until one asks to see it; says which of both it is. */
export function SecretField({ label, value, onChange, problem, ref }: SecretFieldProps) {
  const [shown, setShown] = useState(false);
  return (
    <Field
      {...(ref === undefined ? {} : { ref })}
      label={label}
      problem={problem}
      mono={shown}
      type={shown ? 'text' : 'password'}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      tail={
        <IconButton
          icon={shown ? 'show' : 'hide'}
          label={shown ? `Hide: ${label} is shown` : `Show: ${label} is hidden`}
          aria-pressed={shown}
          onClick={() => setShown(!shown)}
        />
      }
    />
  );
}
