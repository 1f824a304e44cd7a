import { useCallback, useEffect, useRef, useState } from 'react';
import type { DeployHistory } from '../../shared/deploy.ts';
import type { DryRun } from '../../shared/deployment.ts';
import type { Failure } from '../../shared/failure.ts';
import { useApp } from '../app-context.ts';
import { failureOf, type Api } from '../client.ts';

/** What one wants to know of a stack, and what the host said. Asking costs one session, so that only a person asks. */
export type StackLook = { readonly stack: string } & (
  | { readonly kind: 'dry-run'; readonly answer: Answer<DryRun> }
  | { readonly kind: 'releases'; readonly answer: Answer<DeployHistory> }
);

export type Answer<T> =
  | { readonly kind: 'asked' }
  | { readonly kind: 'said'; readonly value: T }
  | { readonly kind: 'failed'; readonly failure: Failure };

export interface Looking {
  readonly look: StackLook | undefined;
  readonly dryRun: (stack: string) => void;
  readonly releases: (stack: string) => void;
  readonly close: () => void;
}

export function useStackLook(): Looking {
  const { mirror } = useApp();
  const [look, setLook] = useState<StackLook>();
  const asking = useRef<AbortController>(undefined);
  useEffect(() => () => asking.current?.abort(), []);
  const ask = useCallback(
    async <T>(show: (answer: Answer<T>) => StackLook, request: (api: Api, signal: AbortSignal) => Promise<T>) => {
      asking.current?.abort();
      const { signal } = (asking.current = new AbortController());
      setLook(show({ kind: 'asked' }));
      try {
        const value = await request(mirror.api, signal);
        if (!signal.aborted) setLook(show({ kind: 'said', value }));
      } catch (error) {
        if (!signal.aborted) setLook(show({ kind: 'failed', failure: failureOf(error) }));
      }
    },
    [mirror],
  );
  const dryRun = useCallback(
    (stack: string) =>
      void ask<DryRun>(
        (answer) => ({ kind: 'dry-run', stack, answer }),
        (api, signal) => api.deploy.dryRun({ stack }, { signal }),
      ),
    [ask],
  );
  const releases = useCallback(
    (stack: string) =>
      void ask<DeployHistory>(
        (answer) => ({ kind: 'releases', stack, answer }),
        (api, signal) => api.deploy.history({ stack }, { signal }),
      ),
    [ask],
  );
  const close = useCallback(() => {
    asking.current?.abort();
    setLook(undefined);
  }, []);
  return { look, dryRun, releases, close };
}
