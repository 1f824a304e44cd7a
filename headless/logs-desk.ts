import type { LogCommands } from '../engine/commands.ts';
import { FailureError } from '../shared/failure.ts';
import type { HostProfile } from '../shared/host.ts';
import type { LogEvent, LogFollowRequest } from '../shared/log.ts';
import type { Settings } from '../shared/settings.ts';
import { withOwnEngine } from './own-engine.ts';
import { hostsToRun } from './profiles.ts';
import { withRunning } from './running.ts';
import type { Shell } from './shell.ts';
import { onStopSignal } from './stop-signals.ts';

/** Where logs are read: in an engine, whichever process it is in. */
export interface LogDesk {
  follow(this: void, request: LogFollowRequest, signal: AbortSignal): AsyncIterable<LogEvent>;
  /** The id of the host that was named by its id or its target. */
  readonly hostId: string | undefined;
}

/**
 * The running engine's desk, else one of an engine in this process, which connects to that host (or to all saved ones) and forwards
 * nothing. The signal is aborted by Ctrl-C.
 */
export function withLogDesk(
  shell: Shell,
  host: string | undefined,
  use: (desk: LogDesk, signal: AbortSignal) => Promise<number>,
): Promise<number> {
  return withRunning(
    shell,
    async (api) => {
      const known = host === undefined ? undefined : idOf(await api.hosts.list(), host);
      return untilStopped((signal) => {
        const follow = async function* (request: LogFollowRequest, until: AbortSignal): AsyncGenerator<LogEvent> {
          yield* await api.logs.follow(request, { signal: until });
        };
        return use({ follow, hostId: known ?? host }, signal);
      });
    },
    () => {
      let hosts: HostProfile[] = [];
      return withOwnEngine(
        shell,
        async ({ engine, signal }) => {
          await engine.start();
          await engine.forwards.pause({});
          const logs: LogCommands = engine.logs;
          const hostId = host === undefined ? undefined : (hosts[0]?.id ?? host);
          return use({ follow: (request, until) => logs.follow(request, until), hostId }, signal);
        },
        (settings) => (hosts = hostsOf(shell, settings, host)),
      );
    },
  );
}

function hostsOf({ env }: Shell, { hosts: saved }: Settings, host: string | undefined): HostProfile[] {
  const chosen = hostsToRun(saved, host === undefined ? [] : [host], {}, env['DOCKER_HOST']) ?? saved;
  return chosen.map((profile) => ({ ...profile, forwards: [] }));
}

function idOf(hosts: readonly HostProfile[], host: string): string | undefined {
  return hosts.find(({ id, target }) => id === host || target === host)?.id;
}

async function untilStopped(use: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const stopped = new AbortController();
  const signals = onStopSignal(() => stopped.abort(new FailureError({ code: 'interrupted', message: 'Interrupted.' })));
  try {
    return await use(stopped.signal);
  } finally {
    await signals.dispose();
  }
}
