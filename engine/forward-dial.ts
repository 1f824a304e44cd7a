import { FailureError } from '../shared/failure.ts';
import { describeTarget, type ForwardTarget } from '../shared/forward.ts';
import { prohibitedCode, type Dial } from './forward/forward.ts';
import { ChannelRefused } from './ssh/channels.ts';
import type { SshConnection } from './ssh/connection.ts';

/** How forwards reach their targets: through channels of the connection, told apart where the server's policy forbids them. */
export function dialOver(connection: SshConnection): Dial {
  return async (target, from) => {
    try {
      if (target.kind === 'unix') return await connection.openUnix(target.path);
      return await connection.openTcp({ host: target.address, port: target.port }, from);
    } catch (error) {
      throw error instanceof ChannelRefused && error.reason === 'prohibited' ? prohibited(target) : error;
    }
  };
}

function prohibited(target: ForwardTarget): FailureError {
  return new FailureError({
    code: prohibitedCode,
    message: `The server does not let us forward to ${describeTarget(target)}.`,
    hint: 'In its sshd_config: AllowTcpForwarding yes, no DisableForwarding, no PermitOpen without it — then: sudo systemctl reload ssh, and reconnect.',
  });
}
