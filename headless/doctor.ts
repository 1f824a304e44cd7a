import type { DoctorStep } from '../shared/doctor.ts';
import type { HostProfile } from '../shared/host.ts';
import { cleanText } from './clean-text.ts';
import { doctorSummary, doctorText } from './doctor-text.ts';
import { exitCode } from './exit.ts';
import { withOwnEngine } from './own-engine.ts';
import { strong } from './paint.ts';
import { savedOrNew, type HostOptions } from './profiles.ts';
import { printJson, type Shell } from './shell.ts';

/** What a script reads of an examination. */
interface DoctorDocument {
  readonly host?: { readonly id: string; readonly target: string; readonly transport: 'ssh2' | 'openssh' };
  readonly result: DoctorStep['state'];
  readonly steps: readonly DoctorStep[];
}

/** `towline doctor`: this machine, and the host if one is named, examined by this process whether an engine runs or not. */
export function doctor(
  shell: Shell,
  host: string | undefined,
  options: HostOptions & { json?: boolean },
): Promise<number> {
  return withOwnEngine(shell, async ({ engine, saved, signal }) => {
    const profile = host === undefined ? undefined : savedOrNew(saved, host, options);
    const steps: DoctorStep[] = [];
    for await (const step of engine.examine(profile, signal)) {
      if (!options.json) printStep(shell, step, steps, host);
      steps.push(step);
    }
    if (options.json) printJson(shell, documentOf(profile, steps));
    else shell.stdout.write(`\n${doctorSummary(steps)}\n`);
    return doctorCode(steps);
  });
}

/** The machine's steps come first; the way to the host begins with its name. */
function printStep(
  { stdout, paint }: Shell,
  step: DoctorStep,
  before: readonly DoctorStep[],
  host: string | undefined,
): void {
  if (before.length === 0 && host !== undefined) stdout.write(`${strong(paint, 'This machine')}\n`);
  if (step.id === 'resolve') stdout.write(`\n${strong(paint, cleanText(host ?? ''))}\n`);
  stdout.write(doctorText(step, paint, stdout.columns || 120, before));
}

/** A login that was refused and a key that is not trusted are a person's to settle. */
export function doctorCode(steps: readonly DoctorStep[]): number {
  const failed = steps.filter(({ state }) => state === 'failed').map(({ id }) => id);
  if (failed.includes('auth') || failed.includes('host-key')) return exitCode.needsUser;
  return failed.length > 0 ? exitCode.failed : exitCode.fine;
}

function documentOf(profile: HostProfile | undefined, steps: readonly DoctorStep[]): DoctorDocument {
  const worst = (['failed', 'warn'] as const).find((state) => steps.some((step) => step.state === state));
  const result = worst ?? 'ok';
  if (profile === undefined) return { result, steps };
  const { id, target, transport = 'ssh2' } = profile;
  return { host: { id, target, transport }, result, steps };
}
