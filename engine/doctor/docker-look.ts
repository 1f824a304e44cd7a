import type { DockerEndpointView } from '../../shared/host.ts';
import { toFailure, type Failure } from '../../shared/failure.ts';
import { sleep, type Clock } from '../base/clock.ts';
import { DockerApi, type DockerVersions } from '../docker/api-client.ts';
import { findEndpoint } from '../docker/endpoint.ts';
import { ChannelRefused } from '../ssh/channels.ts';
import type { Channel, SessionChannel, SshLink } from '../ssh/link.ts';
import type { ProbeResult } from '../ssh/probe.ts';

/** How Docker could be reached, or why not. */
export interface DockerEvidence {
  readonly endpoint: DockerEndpointView | undefined;
  readonly versions: DockerVersions | undefined;
  readonly failure: Failure | undefined;
  /** Sockets that the server did not connect us to, whatever the reason. */
  readonly refused: readonly string[];
}

/** Looks for Docker as the engine does, and asks it for its versions. Never rejects. */
export async function lookAtDocker(
  configured: string | undefined,
  probe: ProbeResult | undefined,
  link: Pick<SshLink, 'openUnix' | 'openSession'>,
  clock: Clock,
): Promise<DockerEvidence> {
  const refused: string[] = [];
  const openUnix = (path: string): Promise<Channel> =>
    link.openUnix(path).catch((error: unknown) => {
      refused.push(path);
      throw error;
    });
  const openStdio = async (): Promise<Channel> => {
    const channel = await openFreed(() => link.openSession('docker system dial-stdio'), clock);
    channel.stderr.resume();
    return channel;
  };
  try {
    const endpoint = await findEndpoint(configured, probe, { openUnix, openStdio, clock });
    const api = new DockerApi({
      openStream: endpoint.openStream,
      clock,
      takesTurns: endpoint.view.kind === 'dial-stdio',
    });
    try {
      return { endpoint: endpoint.view, versions: await api.version(), failure: undefined, refused };
    } catch (error) {
      return { endpoint: endpoint.view, versions: undefined, failure: toFailure(error), refused };
    } finally {
      api.dispose();
    }
  } catch (error) {
    return { endpoint: undefined, versions: undefined, failure: toFailure(error), refused };
  }
}

const freedWithinMs = 1_000;
const againMs = 100;

/** sshd gives a session's place back a moment after its close: with MaxSessions 1 the next one may come too soon. */
async function openFreed(open: () => Promise<SessionChannel>, clock: Clock): Promise<SessionChannel> {
  const startedAt = clock.monotonic();
  for (;;) {
    try {
      return await open();
    } catch (error) {
      const full = error instanceof ChannelRefused && error.reason === 'connect-failed';
      if (!full || clock.monotonic() - startedAt >= freedWithinMs) throw error;
    }
    await sleep(clock, againMs);
  }
}
