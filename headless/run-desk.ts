import type { ContractClient } from '../engine/serve/control-client.ts';
import { FailureError } from '../shared/failure.ts';
import type { HostProfile } from '../shared/host.ts';
import { wildcard } from '../shared/rule.ts';
import type { CommandRunEvent, CommandRunRequest } from '../shared/run.ts';
import { withOwnEngine } from './own-engine.ts';
import { withOwnRuntime } from './own-runtime.ts';
import { savedOrNew, type HostOptions } from './profiles.ts';
import type { HostSelection } from './run-options.ts';
import { withRunning } from './running.ts';
import type { Shell } from './shell.ts';
import { onStopSignal } from './stop-signals.ts';

/** From where commands are run: an engine, whichever process it is in. */
export interface RunDesk {
  /** The hosts that were chosen. */
  readonly hostIds: readonly string[];
  /** Aborting asks the host to end it; how that ends is still heard. */
  start(request: CommandRunRequest, signal: AbortSignal): AsyncIterable<CommandRunEvent>;
  input(run: string, data: Buffer, end: boolean): Promise<void>;
}

type Use = (desk: RunDesk, signal: AbortSignal) => Promise<number>;

/**
 * The running engine's desk where it knows the hosts, else one of an engine in this process, which connects to them for this and
 * forwards nothing. The signal is aborted by Ctrl-C. Rejects with `host-not-found` when nothing is chosen.
 */
export function withRunDesk(shell: Shell, selection: HostSelection, options: HostOptions, use: Use): Promise<number> {
  const alone = (): Promise<number> => withOwnDesk(shell, selection, options, use);
  return withRunning(
    shell,
    async (api) => {
      const hostIds = chosen(Object.values((await api.state.get()).hosts), selection);
      if (hostIds.length === 0) return alone();
      refuseOptions(hostIds, options);
      return untilStopped((signal) => use(deskOf(api, hostIds), signal));
    },
    alone,
  );
}

/** The ids of those that are meant. */
export function chosen(
  hosts: readonly { readonly id: string; readonly target: string }[],
  selection: HostSelection,
): string[] {
  if (selection.kind === 'one') {
    const { name } = selection;
    const host = hosts.find(({ id }) => id === name) ?? hosts.find(({ target }) => target === name);
    return host === undefined ? [] : [host.id];
  }
  const { patterns } = selection;
  return hosts.flatMap(({ id }) => (patterns.some((pattern) => wildcard(pattern, id)) ? [id] : [])).sort();
}

function withOwnDesk(shell: Shell, selection: HostSelection, options: HostOptions, use: Use): Promise<number> {
  let profiles: HostProfile[] = [];
  return withOwnRuntime(shell, (own) =>
    withOwnEngine(
      own,
      async ({ engine, signal }) => {
        await engine.start();
        await engine.forwards.pause({});
        const { runs } = engine;
        const desk = {
          hostIds: profiles.map(({ id }) => id),
          start: (request: CommandRunRequest, until: AbortSignal) => runs.start(request, until),
          input: (run: string, data: Buffer, end: boolean) => runs.input(run, data, end),
        };
        return use(desk, signal);
      },
      ({ hosts }) => (profiles = profilesOf(hosts, selection, options)),
    ),
  );
}

function profilesOf(saved: readonly HostProfile[], selection: HostSelection, options: HostOptions): HostProfile[] {
  const names = selection.kind === 'one' ? [selection.name] : chosen(saved, selection);
  if (names.length === 0) {
    throw new FailureError({
      code: 'host-not-found',
      message: 'No host has such a name.',
      hint:
        saved.length === 0
          ? 'Save one first: `towline hosts add ssh://user@host`.'
          : `There are: ${saved.map(({ id }) => id).join(', ')}.`,
    });
  }
  return names.map((name) => ({ ...savedOrNew(saved, name, options), forwards: [] }));
}

function refuseOptions(hostIds: readonly string[], options: HostOptions): void {
  const { identity, sshConfig, knownHosts, acceptNew, dockerSocket, transport } = options;
  if ([identity, sshConfig, knownHosts, acceptNew, dockerSocket, transport].every((option) => option === undefined))
    return;
  throw new FailureError({
    code: 'usage',
    message: `The running Towline is connected to ${hostIds.join(', ')} already, in its own way.`,
    hint: 'Leave out the options about the connection.',
  });
}

function deskOf({ run }: ContractClient, hostIds: readonly string[]): RunDesk {
  return {
    hostIds,
    async *start(request, signal) {
      let name: string | undefined;
      const cancel = (): void => {
        if (name !== undefined) run.cancel({ run: name }).catch(() => undefined); // then the events fail too
      };
      signal.addEventListener('abort', cancel, { once: true });
      try {
        for await (const event of await run.start(request)) {
          if (event.kind === 'begun') name = event.run;
          if (event.kind === 'begun' && signal.aborted) cancel();
          yield event;
        }
      } finally {
        signal.removeEventListener('abort', cancel);
      }
    },
    async input(name, data, end) {
      await run.input({ run: name, data: data.toString('base64'), end });
    },
  };
}

async function untilStopped(use: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const stopped = new AbortController();
  const signals = onStopSignal(() => stopped.abort(new FailureError({ code: 'interrupted', message: 'Interrupted.' })));
  try {
    const code = await use(stopped.signal);
    stopped.signal.throwIfAborted();
    return code;
  } finally {
    await signals.dispose();
  }
}
