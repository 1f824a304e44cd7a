import { expect, test } from 'vitest';
import { withAgentSocket } from '../../../engine/ssh/launchd-agent.ts';

const launchd = (name: string): Promise<string | undefined> =>
  Promise.resolve(name === 'SSH_AUTH_SOCK' ? '/private/tmp/com.apple.launchd.x/Listeners' : undefined);

test('on macOS a program without the variable takes the agent that launchd names', async () => {
  const env = await withAgentSocket({ HOME: '/Users/me' }, 'darwin', launchd);
  expect(env).toEqual({ HOME: '/Users/me', SSH_AUTH_SOCK: '/private/tmp/com.apple.launchd.x/Listeners' });
});

test('what the environment says is not asked for again, and other systems have no launchd', async () => {
  const never = (): Promise<string | undefined> => Promise.reject(new Error('asked'));
  const set = { SSH_AUTH_SOCK: '/tmp/agent' };
  expect(await withAgentSocket(set, 'darwin', never)).toBe(set);
  const empty = {};
  expect(await withAgentSocket(empty, 'linux', never)).toBe(empty);
});

test('without an agent in the session nothing is made up', async () => {
  const env = {};
  expect(await withAgentSocket(env, 'darwin', () => Promise.resolve(undefined))).toBe(env);
});
