import { useState } from 'react';

interface SecondsFieldProps {
  readonly label: string;
  readonly ms: number;
  readonly mostMs: number;
  readonly onChange: (ms: number) => void;
}

/** A time in whole seconds; taken over when it is left, or on Enter. */
export function SecondsField({ label, ms, mostMs, onChange }: SecondsFieldProps) {
  const [text, setText] = useState<string>();
  const done = (): void => {
    const seconds = Number(text);
    if (text !== undefined && text.trim() !== '' && Number.isFinite(seconds))
      onChange(Math.min(mostMs, Math.max(0, Math.round(seconds) * 1000)));
    setText(undefined);
  };
  return (
    <span className="Field is-number">
      <input
        type="text"
        inputMode="numeric"
        className="Number"
        aria-label={`${label}, in seconds`}
        value={text ?? String(ms / 1000)}
        onChange={(event) => setText(event.target.value.replace(/\D/g, ''))}
        onBlur={done}
        onKeyDown={(event) => event.key === 'Enter' && done()}
      />
      <span className="Quiet Small">s</span>
    </span>
  );
}
