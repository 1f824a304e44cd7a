import type { GateReport } from '../../shared/deploy.ts';
import { sleep, type Clock } from '../base/clock.ts';

/** A container of a compose project, as the Docker API shows it. `health` is missing where the image has no health check. */
export interface ProjectContainer {
  readonly id: string;
  readonly name: string;
  readonly state: 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead';
  readonly health?: 'starting' | 'healthy' | 'unhealthy';
  readonly exitCode: number;
  readonly restarts: number;
}

/** How a project's containers are seen, without any session. */
export interface ProjectHealth {
  /** All containers of the project, stopped ones too. */
  containers(project: string): Promise<readonly ProjectContainer[]>;
  /** The last lines that a container has logged. */
  lastLines(containerId: string, lines: number): Promise<readonly string[]>;
}

export interface HealthWatch {
  readonly project: string;
  readonly health: ProjectHealth;
  readonly clock: Clock;
  /** How long all must be well without a break. */
  readonly stableMs: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** What one look says: all is well, somebody needs more time, or somebody can't recover. */
type Verdict = { kind: 'well' } | { kind: 'waiting' | 'broken'; container?: ProjectContainer; saw: string };

const lookEveryMs = 500;
const logLines = 20;
/** So many restarts since the first look are a loop. */
const loopRestarts = 3;

/**
 * Watches until every container has been running (healthy, where it can say so) for `stableMs`. A job that ended with 0 is well. Fails
 * as soon as one is unhealthy, dead or in a restart loop, and when time is over; then with the container's last lines.
 */
export async function watchHealth(watch: HealthWatch): Promise<GateReport> {
  const { clock, signal, health, project } = watch;
  const began = clock.monotonic();
  const restartsAtFirst = new Map<string, number>();
  let wellSince: number | undefined;
  let seen = '';
  for (;;) {
    const containers = await health.containers(project);
    signal.throwIfAborted();
    for (const { id, restarts } of containers) if (!restartsAtFirst.has(id)) restartsAtFirst.set(id, restarts);
    const verdict = judge(containers, restartsAtFirst);
    const now = clock.monotonic();
    // A container that came back between two looks was not well all the time.
    const look = containers.map(({ id, restarts }) => `${id} ${restarts}`).join();
    if (verdict.kind !== 'well') wellSince = undefined;
    else if (look !== seen) wellSince = now;
    else wellSince ??= now;
    seen = look;
    if (wellSince !== undefined && now - wellSince >= watch.stableMs) return healthy(containers);
    const isOver = now - began >= watch.timeoutMs;
    if (verdict.kind === 'broken' || isOver) return failed(watch, verdict);
    await sleep(clock, lookEveryMs, signal);
  }
}

function judge(containers: readonly ProjectContainer[], restartsAtFirst: ReadonlyMap<string, number>): Verdict {
  if (containers.length === 0) return { kind: 'waiting', saw: 'there is no container' };
  const verdicts = containers.map((container) => judgeOne(container, restartsAtFirst.get(container.id) ?? 0));
  return (
    verdicts.find(({ kind }) => kind === 'broken') ??
    verdicts.find(({ kind }) => kind === 'waiting') ?? { kind: 'well' }
  );
}

function judgeOne(container: ProjectContainer, restartsAtFirst: number): Verdict {
  const { name, state, health, exitCode, restarts } = container;
  if (restarts - restartsAtFirst >= loopRestarts) {
    return { kind: 'broken', container, saw: `${name} restarts again and again (exit code ${exitCode})` };
  }
  if (state === 'running' && health === 'unhealthy') return { kind: 'broken', container, saw: `${name} is unhealthy` };
  if (state === 'running' && health === 'starting')
    return { kind: 'waiting', container, saw: `${name} is not healthy yet` };
  if (state === 'running' || (state === 'exited' && exitCode === 0)) return { kind: 'well' };
  if (state === 'exited' || state === 'dead') {
    return { kind: 'broken', container, saw: `${name} has ended with exit code ${exitCode}` };
  }
  return { kind: 'waiting', container, saw: `${name} is ${state}` };
}

function healthy(containers: readonly ProjectContainer[]): GateReport {
  const count = containers.length;
  return { gate: 'health', ok: true, saw: `${count} container${count === 1 ? '' : 's'} running` };
}

async function failed({ health, timeoutMs }: HealthWatch, verdict: Verdict): Promise<GateReport> {
  if (verdict.kind === 'well') return { gate: 'health', ok: false, saw: `not stable within ${timeoutMs / 1000} s` };
  const saw = verdict.kind === 'broken' ? verdict.saw : `${verdict.saw} after ${timeoutMs / 1000} s`;
  if (verdict.container === undefined) return { gate: 'health', ok: false, saw };
  const log = await health.lastLines(verdict.container.id, logLines).catch(() => []);
  return { gate: 'health', ok: false, saw, log: [...log] };
}
