import { useCallback, useEffect, useRef, useState } from 'react';
import type { HostTestStep } from '../../shared/contract.ts';
import type { Failure } from '../../shared/failure.ts';
import type { HostProfile } from '../../shared/host.ts';
import { useApp } from '../app-context.ts';
import { failureOf } from '../client.ts';
import { walked, type Walk } from '../models/host-test.ts';

export type TestProgress =
  | { readonly kind: 'none' }
  | { readonly kind: 'running' | 'passed' | 'stopped'; readonly steps: Walk; readonly failure?: Failure | undefined };

export interface HostTest {
  readonly progress: TestProgress;
  readonly running: boolean;
  /** Begins anew; a test that runs is cancelled. The saved profile of that name is used where its target is the same. */
  readonly start: (profile: HostProfile) => Promise<void>;
  readonly cancel: () => void;
}

/** One walk through the steps of a host test, live. */
export function useHostTest(): HostTest {
  const { mirror } = useApp();
  const [progress, setProgress] = useState<TestProgress>({ kind: 'none' });
  const current = useRef<AbortController>(undefined);
  const cancel = useCallback(() => {
    current.current?.abort();
    current.current = undefined;
    setProgress({ kind: 'none' });
  }, []);
  useEffect(() => () => current.current?.abort(), []);
  const start = useCallback(
    async (profile: HostProfile) => {
      current.current?.abort();
      const mine = (current.current = new AbortController());
      let steps: Walk = walked([]);
      let seen: readonly HostTestStep[] = [];
      setProgress({ kind: 'running', steps });
      try {
        const saved = (await mirror.api.hosts.list()).find(
          ({ id, target }) => id === profile.id && target === profile.target,
        );
        for await (const step of await mirror.api.hosts.test(saved ?? profile, { signal: mine.signal })) {
          if (mine.signal.aborted) return;
          seen = [...seen, step];
          steps = walked(seen);
          setProgress({ kind: 'running', steps });
        }
        if (!mine.signal.aborted)
          setProgress({ kind: steps.some(({ state }) => state === 'failed') ? 'stopped' : 'passed', steps });
      } catch (error) {
        if (!mine.signal.aborted) setProgress({ kind: 'stopped', steps, failure: failureOf(error) });
      }
    },
    [mirror],
  );
  return { progress, running: progress.kind === 'running', start, cancel };
}
