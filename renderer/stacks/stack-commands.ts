import { useMemo } from 'react';
import type { DeployOptions } from '../../shared/deploy.ts';
import { useApp } from '../app-context.ts';
import { go } from '../route.ts';
import type { Looking } from './use-stack-look.ts';

/** What can be done with a stack, by button, key or menu: the same for all three. Runs go on when the window closes. */
export interface StackCommands {
  readonly deploy: (stack: string, options?: Partial<DeployOptions>) => void;
  readonly deployAll: () => void;
  readonly verify: (stack: string) => void;
  readonly cancel: (run: string) => void;
  readonly dryRun: (stack: string) => void;
  readonly releases: (stack: string) => void;
  /** Asks first. Without a release it is the one before the current. */
  readonly rollBack: (stack: string, release?: string) => void;
  /** Asks first. */
  readonly remove: (stack: string) => void;
}

/** What is asked before it is done. */
export type StackQuestion =
  | { readonly kind: 'roll-back'; readonly stack: string; readonly release: string | undefined }
  | { readonly kind: 'remove'; readonly stack: string };

export function useStackCommands(looking: Looking, ask: (question: StackQuestion) => void): StackCommands {
  const { act } = useApp();
  const { dryRun, releases, close } = looking;
  return useMemo(() => {
    const select = (stack: string): void => go({ view: 'stacks', stack });
    return {
      deploy(stack, options = {}) {
        select(stack);
        close();
        void act((api) => api.deploy.begin({ action: 'deploy', stacks: [stack], options }));
      },
      deployAll() {
        close();
        void act((api) => api.deploy.begin({ action: 'deploy' }));
      },
      verify(stack) {
        select(stack);
        void act((api) => api.deploy.begin({ action: 'verify', stacks: [stack] }));
      },
      cancel: (run) => void act((api) => api.deploy.cancel({ run })),
      dryRun(stack) {
        select(stack);
        dryRun(stack);
      },
      releases(stack) {
        select(stack);
        releases(stack);
      },
      rollBack: (stack, release) => ask({ kind: 'roll-back', stack, release }),
      remove: (stack) => ask({ kind: 'remove', stack }),
    };
  }, [act, ask, close, dryRun, releases]);
}
