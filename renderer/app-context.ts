import { createContext, useContext, useSyncExternalStore } from 'react';
import type { AppState } from '../shared/app-state.ts';
import type { Failure } from '../shared/failure.ts';
import type { Api } from './client.ts';
import type { Mirrored, StateMirror } from './store.ts';

/** What every component may use: the mirrored state, requests to the engine, and a word to the user. */
export interface App {
  readonly mirror: StateMirror;
  /** Asks the engine; a failure is shown to the user. Resolves with whether it was done. */
  readonly act: (request: (api: Api) => Promise<unknown>) => Promise<boolean>;
  readonly copy: (text: string, what: string) => void;
  /** Short, gone by itself. */
  readonly tell: (message: string) => void;
  readonly fail: (failure: Failure) => void;
}

export const AppContext = createContext<App | undefined>(undefined);

export function useApp(): App {
  const app = useContext(AppContext);
  if (app === undefined) throw new Error('useApp outside of <AppContext>');
  return app;
}

/** A part of what is mirrored; renders anew only when that part is another one. */
export function useMirrored<T>(select: (mirrored: Mirrored) => T): T {
  const { mirror } = useApp();
  return useSyncExternalStore(mirror.subscribe, () => select(mirror.read()));
}

const noHosts: AppState['hosts'] = {};

export function useHosts(): AppState['hosts'] {
  return useMirrored(({ state }) => state?.hosts ?? noHosts);
}
