import { systemClock } from '../../../engine/base/clock.ts';
import { diagnose } from '../../../engine/doctor/diagnose.ts';
import { planConnection } from '../../../engine/ssh/connect-plan.ts';
import { doctorStepSchema, type DoctorStep, type DoctorStepId } from '../../../shared/doctor.ts';
import type { HostProfile } from '../../../shared/host.ts';
import type { RealHost } from '../host/real-host.ts';
import type { Sshd } from '../host/sshd.ts';

export type Steps = Readonly<Record<DoctorStepId, DoctorStep>>;

/** What the doctor says of one sshd of the host, to its user with his key, unless `change` says otherwise; nobody answers questions. */
export async function examineHost(host: RealHost, sshd: Sshd, change: Partial<HostProfile> = {}): Promise<Steps> {
  const profile: HostProfile = {
    id: 'lab',
    target: `ssh://${host.user}@${host.address}:${sshd.port}`,
    identityFile: host.identityFile,
    knownHostsFile: host.knownHostsFile,
    sshConfigFile: 'none',
    ...change,
  };
  const env = { ...process.env, SSH_AUTH_SOCK: '' };
  const clock = systemClock;
  const plan = planConnection({ profile, prompter: () => Promise.resolve(undefined), clock, env });
  const steps: DoctorStep[] = [];
  for await (const step of diagnose({ profile, plan, clock, env, signal: new AbortController().signal })) {
    steps.push(doctorStepSchema.parse(step));
  }
  return Object.fromEntries(steps.map((step) => [step.id, step])) as Steps;
}
