import { expect, test } from 'vitest';
import { isService, logLines, projectContainer } from '../../../engine/docker/compose-projects.ts';

type Info = Parameters<typeof projectContainer>[0];

const info = (State: object, more: object = {}): Info =>
  ({ Id: 'abc', Name: '/shop-web-1', RestartCount: 2, State, ...more }) as unknown as Info;

const frame = (stream: number, text: string): Buffer => {
  const header = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
};

test('a container is told by its state, its health where there is any, and its restarts', () => {
  expect(projectContainer(info({ Status: 'running', ExitCode: 0, Health: { Status: 'starting' } }))).toEqual({
    ...{ id: 'abc', name: 'shop-web-1', state: 'running', health: 'starting', exitCode: 0, restarts: 2 },
  });
  const odd = info({ Status: 'stopping', ExitCode: 3, Health: { Status: 'none' } }, { RestartCount: undefined });
  expect(projectContainer(odd)).toEqual({ id: 'abc', name: 'shop-web-1', state: 'dead', exitCode: 3, restarts: 0 });
});

test('what somebody runs once in the project is no part of it', () => {
  expect(isService({ Labels: { 'com.docker.compose.oneoff': 'True' } })).toBe(false);
  expect(isService({ Labels: { 'com.docker.compose.oneoff': 'False' } })).toBe(true);
});

test('framed logs lose their frames, wherever these cut a line; those of a terminal are taken as they are', () => {
  const framed = Buffer.concat([frame(1, 'first\nsec'), frame(1, 'ond\n'), frame(2, 'Ünglück\n')]);
  expect(logLines(framed)).toEqual(['first', 'second', 'Ünglück']);
  expect(logLines(Buffer.from('one\r\ntwo'))).toEqual(['one', 'two']);
  expect(logLines(Buffer.alloc(0))).toEqual([]);
});
