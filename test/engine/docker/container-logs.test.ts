import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DisposableStore } from '../../../engine/base/disposables.ts';
import { systemClock } from '../../../engine/base/clock.ts';
import { DockerApi } from '../../../engine/docker/api-client.ts';
import { TestDocker } from '../../support/test-docker.ts';

let owned: DisposableStore;
let docker: TestDocker;

beforeEach(() => {
  owned = new DisposableStore();
  docker = owned.add(new TestDocker());
});
afterEach(() => owned.dispose());

function api(takesTurns = false): DockerApi {
  return owned.add(
    new DockerApi({ openStream: () => Promise.resolve(docker.connect()), clock: systemClock, takesTurns }),
  );
}

test('a container is found by its name and by the start of its id, with what its log needs to be read', async () => {
  const labels = { 'com.docker.compose.project': 'shop', 'com.docker.compose.service': 'web' };
  const id = docker.run({ name: 'web', labels });
  const web = { id, name: 'web', project: 'shop', service: 'web', tty: false, running: true };
  expect(await api().loggedContainer('web')).toMatchObject(web);
  docker.stop('web');
  expect(await api().loggedContainer(id.slice(0, 12))).toMatchObject({ ...web, running: false });
  expect(await api().loggedContainersOf('shop')).toMatchObject([{ id }]);
  expect(await api().loggedContainer('../images')).toBeUndefined();
});

test('a log is a stream that ends with the container, not a text that is collected', async () => {
  const id = docker.run({ name: 'web' });
  docker.log('web', 'one');
  const stream = await api().openLog(id, { follow: true });
  docker.log('web', 'two');
  docker.stop('web');
  expect(await text(stream)).toMatch(/^.{8}\S+Z one\n.{8}\S+Z two\n$/s);
});

test('where each stream costs a session, the next question waits until the log was read', async () => {
  const id = docker.run({ name: 'web' });
  docker.log('web', 'one');
  const turns = api(true);
  const stream = await turns.openLog(id, { follow: false });
  const next = turns.loggedContainer('web');
  expect(await text(stream)).toContain('one');
  expect(await next).toMatchObject({ name: 'web' });
  expect(docker.connections).toBe(1);
});

test('a log driver that keeps nothing is named as the reason', async () => {
  const id = docker.run({ name: 'web' });
  docker.failNext(`/containers/${id}/logs`, 501, 'configured logging driver does not support reading');
  await expect(api().openLog(id, { follow: false })).rejects.toMatchObject({ code: 'log-unreadable' });
});
