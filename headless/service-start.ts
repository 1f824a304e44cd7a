import { sleep, type Clock } from '../engine/base/clock.ts';
import type { ServiceStatus } from './service-manager.ts';

const patienceMs = 8_000;
const pollMs = 250;

/**
 * The state of a service that was just started, once it is known: its engine is under way, or it has ended. After 8 s the state of
 * then, for managers say "running" also of a program that has not got anywhere yet.
 */
export async function settled(
  clock: Clock,
  status: () => Promise<ServiceStatus>,
  isUnderWay: () => Promise<boolean>,
): Promise<ServiceStatus> {
  const deadline = clock.monotonic() + patienceMs;
  for (;;) {
    const now = await status();
    const ended = now.state === 'failed' || now.state === 'stopped';
    if (ended || clock.monotonic() >= deadline) return now;
    if (now.state === 'running' && (await isUnderWay())) return now;
    await sleep(clock, pollMs);
  }
}
