import { DisposableStore, type Disposable } from '../engine/base/disposables.ts';

/** 128 + the signal's number, as a shell reports it. */
const codes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** The first SIGINT, SIGTERM or SIGHUP asks for a clean stop; a second one ends the process at once. */
export function onStopSignal(stop: () => void): Disposable & { interrupt(): void } {
  const owned = new DisposableStore();
  let asked = false;
  const hear = (signal: keyof typeof codes): void => {
    if (asked) process.exit(codes[signal]);
    asked = true;
    stop();
  };
  for (const signal of Object.keys(codes) as (keyof typeof codes)[]) {
    const listener = (): void => hear(signal);
    process.on(signal, listener);
    owned.defer(() => void process.off(signal, listener));
  }
  return { interrupt: () => hear('SIGINT'), dispose: () => owned.dispose() };
}
