import type { StackCommands } from '../engine/commands.ts';
import type { ContractClient } from '../engine/serve/control-client.ts';
import type { DeployEvent } from '../shared/deployment.ts';
import { FailureError } from '../shared/failure.ts';
import type { HostProfile } from '../shared/host.ts';
import type { Settings } from '../shared/settings.ts';
import type { Stack } from '../shared/stack.ts';
import { withOwnEngine } from './own-engine.ts';
import { withRunning } from './running.ts';
import type { Shell } from './shell.ts';
import { onStopSignal } from './stop-signals.ts';

/** Where stacks are deployed from: an engine, whichever process it is in. */
export interface StackDesk extends Pick<StackCommands, 'deploy' | 'rollback' | 'verify' | 'dryRun' | 'history'> {
  readonly stacks: readonly Stack[];
}

/**
 * The running engine's desk, else one of an engine in this process, which knows the hosts of these stacks (all of them without
 * `names`) and forwards nothing. The signal is aborted by Ctrl-C.
 */
export function withStackDesk<T>(
  shell: Shell,
  names: readonly string[] | undefined,
  use: (desk: StackDesk, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return withRunning(
    shell,
    async (api) => {
      const desk = deskOf(api, await api.stacks.list());
      return untilStopped((signal) => use(desk, signal));
    },
    () =>
      withOwnEngine(
        shell,
        async ({ engine, signal }) => {
          await engine.start();
          await engine.forwards.pause({});
          const { stacks: own } = engine;
          return use(
            {
              stacks: own.list(),
              deploy: (request, until) => own.deploy(request, until),
              rollback: (request, until) => own.rollback(request, until),
              verify: (chosen, until) => own.verify(chosen, until),
              dryRun: (name, until) => own.dryRun(name, until),
              history: (name, until) => own.history(name, until),
            },
            signal,
          );
        },
        (settings) => hostsOf(settings, names),
      ),
  );
}

function hostsOf({ hosts, stacks }: Settings, names: readonly string[] | undefined): HostProfile[] {
  const wanted = stacks.filter(({ name }) => names === undefined || names.includes(name)).map(({ host }) => host);
  return hosts.filter(({ id }) => wanted.includes(id)).map((host) => ({ ...host, forwards: [] }));
}

/** Ctrl-C asks the engine to cancel, and what comes of it is still heard. */
function deskOf({ deploy }: ContractClient, stacks: readonly Stack[]): StackDesk {
  const cancellable = async function* (
    events: Promise<AsyncIterable<DeployEvent>>,
    signal: AbortSignal,
  ): AsyncGenerator<DeployEvent> {
    let run: string | undefined;
    const cancel = (): void => {
      if (run !== undefined) deploy.cancel({ run }).catch(() => undefined); // then the stream fails too
    };
    signal.addEventListener('abort', cancel, { once: true });
    try {
      for await (const event of await events) {
        if (event.kind === 'begun') run = event.run;
        if (event.kind === 'begun' && signal.aborted) cancel();
        yield event;
      }
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  };
  return {
    stacks,
    deploy: (request, signal) => cancellable(deploy.start(request), signal),
    rollback: (request, signal) => cancellable(deploy.rollback(request), signal),
    verify: (chosen, signal) => cancellable(deploy.verify({ stacks: chosen && [...chosen] }), signal),
    dryRun: (stack, signal) => deploy.dryRun({ stack }, { signal }),
    history: (stack, signal) => deploy.history({ stack }, { signal }),
  };
}

async function untilStopped<T>(use: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stopped = new AbortController();
  const signals = onStopSignal(() => stopped.abort(new FailureError({ code: 'interrupted', message: 'Interrupted.' })));
  try {
    return await use(stopped.signal);
  } finally {
    await signals.dispose();
  }
}
