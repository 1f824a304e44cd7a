import { expect, test } from 'vitest';
import { foreignLoginSteps, logInElsewhere } from '../../../engine/doctor/foreign-login.ts';
import { FailureError } from '../../../shared/failure.ts';

const states = (code: string) => {
  const steps = foreignLoginSteps(undefined, { code, message: 'no', hint: 'Try again.' });
  return steps.map(({ state }) => state).join(' ');
};

test.each([
  ['openssh-missing', 'failed skipped skipped skipped skipped'],
  ['host-refused', 'failed skipped skipped skipped skipped'],
  ['host-hung-up', 'ok failed skipped skipped skipped'],
  ['algorithms-incompatible', 'ok ok failed skipped skipped'],
  ['host-key-changed', 'ok ok ok failed skipped'],
  ['auth-refused', 'ok ok ok ok failed'],
  ['key-passphrase-needed', 'ok ok ok ok failed'],
])('%s is told where it happened', (code, expected) => {
  expect(states(code)).toBe(expected);
});

test('a login is told in the words of the ssh that made it', () => {
  const algorithms = { kex: 'mlkem768x25519-sha256', hostKey: 'ssh-ed25519', cipher: 'aes128-gcm@openssh.com' };
  const steps = foreignLoginSteps({ ident: 'ssh: Authenticated to lab.', algorithms }, undefined);
  expect(steps.map(({ state }) => state)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok']);
  expect(steps.at(-1)).toMatchObject({ id: 'auth', detail: 'ssh: Authenticated to lab.' });
  expect(steps[2]?.detail).toMatch(/: mlkem768x25519-sha256, ssh-ed25519, aes128-gcm@openssh.com$/);
});

test('a login that fails is a failure, not an exception', async () => {
  const failure = { code: 'auth-refused', message: 'lab refused the password.' };
  const options = { profile: { id: 'lab', target: 'lab' }, signal: new AbortController().signal };
  expect(await logInElsewhere(() => Promise.reject(new FailureError(failure)), options)).toEqual({ failure });
});
