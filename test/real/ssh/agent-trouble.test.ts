import { once } from 'node:events';
import { connect as connectTo, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { waitFor } from '../../support/wait-for.ts';
import { callers, ConnectorBench, says, type Agent } from './connector-bench.ts';

const keysOnly = ['PasswordAuthentication no', 'KbdInteractiveAuthentication no'];

let bench: ConnectorBench;

beforeEach(async () => {
  bench = await ConnectorBench.make();
});
afterEach(() => bench.dispose());

/** SSH_AGENTC_SIGN_REQUEST of the agent protocol. */
const signRequest = 13;

/** A socket that leads to the agent, and kills it the moment it is to sign something. */
async function deadlySocket(agent: Agent): Promise<string> {
  const path = bench.path('deadly');
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connectTo(agent.socket);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined); // the agent is meant to die
      socket.once('close', () => {
        client.destroy();
        upstream.destroy();
      });
    }
    upstream.pipe(client);
    let heard = Buffer.alloc(0);
    client.on('data', (chunk: Buffer) => {
      heard = Buffer.concat([heard, chunk]);
      if (heard.length < 5 || heard.length < 4 + heard.readUInt32BE()) return;
      if (heard[4] === signRequest) agent.process.kill('SIGKILL');
      else upstream.write(heard);
      heard = Buffer.alloc(0); // one request at a time: each waits for its answer
    });
  });
  bench.defer(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  server.listen(path);
  await once(server, 'listening');
  return path;
}

describe.each(['ssh2', 'openssh'] as const)('through %s', (transport) => {
  test('an agent with eight keys wears out the server’s patience, and IdentitiesOnly with the right one cures it', async () => {
    const { socket } = await bench.agent(8);
    const sshd = await bench.sshd(['MaxAuthTries 6', ...keysOnly], {
      authorizedKeys: [await bench.read('agent-8.pub')],
    });
    const agent = [`IdentityAgent ${socket}`];
    const refused = await bench.refusal(sshd, {
      transport,
      lines: [...agent, 'IdentitiesOnly no', `IdentityFile ${bench.path('agent-1.pub')}`],
    });
    expect(refused).toMatchObject({
      code: 'auth-refused',
      hint: expect.stringContaining('IdentityFile with IdentitiesOnly yes') as string,
    });
    const cured = [...agent, `IdentityFile ${bench.path('agent-8.pub')}`, 'IdentitiesOnly yes'];
    expect(await says(await bench.connect(sshd, { transport, lines: cured }))).toBe('in');
  });

  test('an agent that dies between naming its keys and signing ends one login, clearly, and is not tried again', async () => {
    const agent = await bench.agent(2);
    const socket = await deadlySocket(agent);
    const authorizedKeys = [await bench.read('agent-1.pub'), await bench.read('agent-2.pub')];
    const sshd = await bench.sshd(keysOnly, { authorizedKeys });
    const lines = [`IdentityAgent ${socket}`, 'IdentitiesOnly no'];
    const connection = await bench.connection(sshd, { transport, lines });
    const state = await waitFor(() => connection.state.kind === 'needs-user' && connection.state, {
      what: 'the login to end',
    });
    expect(state.failure.code).toBe('auth-refused');
    expect(state.failure.message).toMatch(/agent/);
    expect([callers(sshd), connection.opened.opened]).toEqual([1, 1]);
  });
});
