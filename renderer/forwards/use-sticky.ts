import { useCallback, useState } from 'react';

const kept = new Map<string, unknown>();

/** State that outlives its view for as long as the window is open: going to a host and back keeps the filter. */
export function useSticky<T>(key: string, initial: T): [T, (change: (before: T) => T) => void] {
  const [value, setValue] = useState((): T => (kept.has(key) ? (kept.get(key) as T) : initial));
  const update = useCallback(
    (change: (before: T) => T) =>
      setValue((before) => {
        const after = change(before);
        kept.set(key, after);
        return after;
      }),
    [key],
  );
  return [value, update];
}
