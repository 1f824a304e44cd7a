import { useSyncExternalStore } from 'react';

/** One ticker for all who show something that changes by itself; it stands still while the window is hidden. */
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let now = Date.now();

function tick(): void {
  now = Date.now();
  for (const listener of listeners) listener();
}

function adjust(): void {
  const wanted = listeners.size > 0 && document.visibilityState === 'visible';
  if (wanted && timer === undefined) {
    now = Date.now();
    timer = setInterval(tick, 1000);
  } else if (!wanted && timer !== undefined) {
    clearInterval(timer);
    timer = undefined;
  }
}

document.addEventListener('visibilitychange', () => {
  adjust();
  if (document.visibilityState === 'visible') tick();
});

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  adjust();
  return () => {
    listeners.delete(listener);
    adjust();
  };
}

const never = (): (() => void) => () => undefined;

/** Unix ms, anew each second while `running`; otherwise as it was last read. */
export function useSeconds(running: boolean): number {
  return useSyncExternalStore(running ? subscribe : never, () => (timer === undefined ? (now = fresh(now)) : now));
}

/** Read without a ticker: good to the second, so that reading twice gives the same. */
function fresh(last: number): number {
  const current = Date.now();
  return current - last >= 1000 ? current : last;
}
