import { expect, test } from 'vitest';
import { doctorCode } from '../../headless/doctor.ts';
import type { DoctorStep, DoctorStepId } from '../../shared/doctor.ts';

const step = (id: DoctorStepId, state: DoctorStep['state']): DoctorStep => ({ id, title: id, state, detail: '' });

test.each<[string, DoctorStep[], number]>([
  ['all is well', [step('docker', 'ok'), step('compose', 'warn'), step('exec', 'skipped')], 0],
  ['something failed', [step('runtime-dir', 'failed'), step('docker', 'ok')], 1],
  ['the login failed', [step('runtime-dir', 'failed'), step('auth', 'failed')], 4],
  ['a key is not trusted', [step('host-key', 'failed'), step('auth', 'skipped')], 4],
])('the exit code when %s', (_title, steps, code) => {
  expect(doctorCode(steps)).toBe(code);
});
