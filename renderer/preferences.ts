import { useSyncExternalStore } from 'react';

/** What belongs to this window and not to the engine. */
export interface Preferences {
  readonly theme: 'system' | 'light' | 'dark';
  /** Whether single letters are commands: p, r, i, g f … */
  readonly letterKeys: boolean;
}

const key = 'towline.window';
const standard: Preferences = { theme: 'system', letterKeys: true };
const listeners = new Set<() => void>();
let current = read();

export function preferences(): Preferences {
  return current;
}

export function setPreferences(change: Partial<Preferences>): void {
  current = { ...current, ...change };
  localStorage.setItem(key, JSON.stringify(current));
  applyTheme();
  for (const listener of listeners) listener();
}

export function resetPreferences(): void {
  setPreferences(standard);
}

/** The system decides, unless the user did. */
export function applyTheme(): void {
  const { theme } = current;
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}

function read(): Preferences {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? '{}');
    return { ...standard, ...(stored as Partial<Preferences>) };
  } catch {
    return standard;
  }
}
