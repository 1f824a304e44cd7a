import { systemClock } from '../../../engine/base/clock.ts';
import { dialTcp } from '../../../engine/ssh/dial-tcp.ts';
import type { EstablishOptions } from '../../../engine/ssh/establish.ts';

/** The way into a test sshd that lets everybody in: no key, no question, no ssh_config. */
export function testPlan(sshd: { readonly port: number }): EstablishOptions['plan'] {
  const where = { host: '127.0.0.1', port: sshd.port };
  return () =>
    Promise.resolve({
      where: `${where.host}:${where.port}`,
      username: 'tester',
      algorithms: {},
      keepaliveIntervalMs: 15_000,
      keepaliveCountMax: 2,
      openTransport: (signal) => dialTcp({ ...where, timeoutMs: 5_000, signal, clock: systemClock }),
      authHandler: (_left, _partial, next) => next({ type: 'none', username: 'tester' }),
      verifyHostKey: (_key, verdict) => verdict(true),
      failure: () => undefined,
    });
}
