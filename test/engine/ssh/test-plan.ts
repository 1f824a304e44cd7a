import { systemClock } from '../../../engine/base/clock.ts';
import { dialTcp } from '../../../engine/ssh/dial-tcp.ts';
import type { ConnectPlan, EstablishOptions } from '../../../engine/ssh/establish.ts';

/** A plan for a server on 127.0.0.1 that asks for no credentials and whose key is trusted; any part may be another. */
export function planFor(port: number, parts: Partial<ConnectPlan> = {}): EstablishOptions['plan'] {
  return () => {
    let tried = false;
    return Promise.resolve({
      where: `127.0.0.1:${port}`,
      username: 'tester',
      algorithms: {},
      keepaliveIntervalMs: 0,
      keepaliveCountMax: 2,
      openTransport: (signal) => dialTcp({ host: '127.0.0.1', port, timeoutMs: 10_000, signal, clock: systemClock }),
      authHandler: (_methods, _partial, next) => {
        if (tried)
          next(false as never); // ssh2's way to give up, unknown to its types
        else next({ type: 'none', username: 'tester' });
        tried = true;
      },
      verifyHostKey: (_key, verdict) => verdict(true),
      failure: () => undefined,
      ...parts,
    });
  };
}
