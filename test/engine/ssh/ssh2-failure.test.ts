import { expect, test } from 'vitest';
import { authFailure } from '../../../engine/ssh/auth-report.ts';
import { ssh2Failure } from '../../../engine/ssh/ssh2-failure.ts';

const circumstances = {
  profile: { id: 'lab', target: 'lab', sshConfigFile: 'none', identityFile: '/nowhere/key' },
  env: { PATH: process.env['PATH'], HOME: '/nowhere' },
  signal: new AbortController().signal,
};

async function hintFor(offered: readonly string[]): Promise<string | undefined> {
  const report = { host: 'lab', port: 22, user: 'me', offered, attempts: [], problems: [] };
  return (await ssh2Failure(authFailure(report), circumstances)).hint;
}

test('a login is sent to the system’s ssh where the server takes what only that can do', async () => {
  expect(await hintFor(['publickey', 'gssapi-with-mic'])).toMatch(/ssh-copy-id me@lab .+--transport openssh/);
  expect(await hintFor(['hostbased'])).toContain('--transport openssh');
  expect(await hintFor(['publickey', 'password'])).not.toContain('openssh');
});

test('an error of ssh2 or of the network is told in our words', async () => {
  const error = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  expect(await ssh2Failure(error, circumstances)).toMatchObject({ code: 'host-refused' });
});
