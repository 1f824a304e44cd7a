import type { GateReport } from '../../shared/deploy.ts';
import { projectOf, type Stack } from '../../shared/stack.ts';
import type { Clock } from '../base/clock.ts';
import { checkEndpoint, type Dial } from './endpoint-check.ts';
import { watchHealth, type ProjectHealth } from './health.ts';

export interface GateKeeper {
  readonly health: ProjectHealth;
  readonly dial: Dial;
  readonly clock: Clock;
}

/**
 * Proves that a stack works: first its containers, then its endpoints, one after the other, each reported as it is known. Stops at
 * the first that does not hold. True if all hold.
 */
export async function passGates(
  stack: Stack,
  { health, dial, clock }: GateKeeper,
  report: (gate: GateReport) => void,
  signal: AbortSignal,
): Promise<boolean> {
  const { stableMs, timeoutMs } = stack.gates;
  const project = projectOf(stack);
  const first = await watchHealth({ project, health, clock, stableMs, timeoutMs, signal });
  report(first);
  if (!first.ok) return false;
  for (const check of stack.checks) {
    const seen = await checkEndpoint(check, { dial, clock, timeoutMs, signal });
    report(seen);
    if (!seen.ok) return false;
  }
  return true;
}
