import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DisposableStore } from '../../../engine/base/disposables.ts';
import { generateSshKey } from '../../../engine/demo/ssh-keys.ts';
import { agentSocket, listAgentKeys } from '../../../engine/ssh/agent.ts';
import { startTestAgent, type TestAgent } from '../../support/test-agent.ts';
import { TestClock } from '../../support/test-clock.ts';
import { waitFor } from '../../support/wait-for.ts';

const keys = [generateSshKey().publicKey, generateSshKey().publicKey];
const data = Buffer.from('to be signed');
let owned: DisposableStore;
let clock: TestClock;
let socket: string;
beforeEach(async () => {
  owned = new DisposableStore();
  clock = new TestClock();
  const folder = await mkdtemp(join(tmpdir(), 'agent-'));
  owned.defer(() => rm(folder, { recursive: true, force: true }));
  socket = join(folder, 'agent');
});
afterEach(() => owned.dispose());

async function agent(held?: readonly Buffer[]): Promise<TestAgent> {
  return owned.add(await startTestAgent(socket, held));
}

/** Nothing of ours is left open at the agent, and no timer. */
async function atRest(at: TestAgent): Promise<unknown> {
  await waitFor(() => at.open === 0, { what: 'no connection' });
  return [at.open, clock.pending];
}

test('the keys of an agent come in its order', async () => {
  const held = await agent(keys);
  const listed = await listAgentKeys(socket, clock);
  expect(listed.map(({ key }) => key.getPublicSSH())).toEqual(keys);
  expect(await atRest(held)).toEqual([0, 0]);
});

test('an agent that does not answer is given up after 5 s, with its connection', async () => {
  const silent = await agent();
  const listed = expect(listAgentKeys(socket, clock)).rejects.toThrow('no answer within 5 s');
  await waitFor(() => silent.heard.length === 1, { what: 'the question' });
  await clock.advance(5_000);
  await listed;
  expect(await atRest(silent)).toEqual([0, 0]);
});

test('an agent that does not sign is given up after 20 s, and not asked for its other keys', async () => {
  const held = await agent(keys);
  const [first, second] = await listAgentKeys(socket, clock);
  const signed = expect(first?.sign(data)).rejects.toThrow('no signature within 20 s');
  await waitFor(() => held.heard.includes('sign'), { what: 'the question' });
  await clock.advance(20_000);
  await signed;
  await expect(second?.sign(data)).rejects.toThrow('no signature within 20 s');
  expect(held.heard).toEqual(['list', 'sign']);
  expect(await atRest(held)).toEqual([0, 0]);
});

test('a login that is given up leaves no question at the agent', async () => {
  const silent = await agent();
  const stop = new AbortController();
  const listed = expect(listAgentKeys(socket, clock, stop.signal)).rejects.toThrow();
  await waitFor(() => silent.heard.length === 1, { what: 'the question' });
  stop.abort(new Error('enough'));
  await listed;
  expect(await atRest(silent)).toEqual([0, 0]);
});

test('an agent that is not there is said to be so at once', async () => {
  await expect(listAgentKeys(socket, clock)).rejects.toThrow('Failed to connect to agent');
  expect(clock.pending).toBe(0);
});

test('IdentityAgent comes before SSH_AUTH_SOCK, and may name a variable', () => {
  const env = { SSH_AUTH_SOCK: '/usual', OTHER: '/other' };
  const wishes = [undefined, 'SSH_AUTH_SOCK', '$OTHER', '$NOTHING', '/mine', 'none'];
  expect(wishes.map((wish) => agentSocket(wish, env))).toEqual([
    '/usual',
    '/usual',
    '/other',
    undefined,
    '/mine',
    undefined,
  ]);
});
