import { useId, type InputHTMLAttributes, type ReactNode, type Ref } from 'react';

interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  readonly label?: string;
  readonly help?: ReactNode;
  readonly problem?: string | undefined;
  /** After the text, inside the frame. */
  readonly tail?: ReactNode;
  readonly mono?: boolean;
  readonly ref?: Ref<HTMLInputElement>;
}

/** A line of text with its name above and what helps below. */
export function Field({ label, help, problem, tail, mono = false, ref, ...input }: FieldProps) {
  const id = useId();
  const said = problem ?? help;
  return (
    <div className="FieldBlock">
      {label === undefined ? null : (
        <label className="Field-label" htmlFor={id}>
          {label}
        </label>
      )}
      <div className="Field is-wide">
        <input
          id={id}
          ref={ref}
          type="text"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          className={mono ? 'Mono' : undefined}
          aria-invalid={problem !== undefined}
          aria-describedby={said === undefined ? undefined : `${id}-said`}
          {...input}
        />
        {tail}
      </div>
      {said === undefined ? null : (
        <p className={problem === undefined ? 'Field-help' : 'Field-help is-problem'} id={`${id}-said`}>
          {said}
        </p>
      )}
    </div>
  );
}
