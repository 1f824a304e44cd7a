import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { memoryConnection } from '../../../engine/demo/memory-stream.ts';
import { ChannelAgent } from '../../../engine/docker/channel-agent.ts';

test('a request in the middle of its answer fails when the agent is given up', async () => {
  const [near, far] = memoryConnection();
  const agent = new ChannelAgent(() => Promise.resolve(near));
  const request = get({ host: 'docker', agent });
  const failed = once(request, 'error');
  far.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf');
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  expect(String(await once(response, 'data'))).toBe('half');
  agent.destroy();
  expect(await failed).toMatchObject([{ message: 'the connection to Docker was given up' }]);
  expect(near.destroyed).toBe(true);
});

test('a stream that comes after the agent was given up is closed, and its request fails', async () => {
  const late = Promise.withResolvers<ReturnType<typeof memoryConnection>[0]>();
  const agent = new ChannelAgent(() => late.promise);
  const failed = once(get({ host: 'docker', agent }), 'error');
  agent.destroy();
  const [near] = memoryConnection();
  late.resolve(near);
  expect(await failed).toMatchObject([{ message: 'the connection to Docker was given up' }]);
  expect(near.destroyed).toBe(true);
});
