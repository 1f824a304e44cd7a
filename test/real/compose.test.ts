import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { freePorts, pageSoon, refusal, testPage } from './support/clients.ts';
import { RealBench } from './support/real-bench.ts';

const bench = new RealBench();

/** A project of two services, on two ports in a row; gone after the test. */
async function project(first: number): Promise<{ name: string; compose: (...args: string[]) => Promise<string> }> {
  const folder = await mkdtemp(join(tmpdir(), 'tlcompose'));
  bench.defer(() => rm(folder, { recursive: true }));
  const file = join(folder, 'docker-compose.yml');
  const service = (port: number) => ({ image: 'towline-test:latest', ports: [`${port}:80`] });
  const services = { api: service(first), web: service(first + 1) };
  await writeFile(file, JSON.stringify({ version: '3', services }));
  const name = basename(folder).toLowerCase();
  const compose = (...args: string[]) => bench.host.compose(['-p', name, '-f', file, ...args]);
  bench.defer(async () => void (await compose('down', '-t', '0')));
  return { name, compose };
}

test('the services of a project are forwarded under their names, keep their ports when recreated, and go with it', async () => {
  const engine = await bench.engine();
  const first = await freePorts(2);
  const { name, compose } = await project(first);
  const ours = () => engine.forwards.filter((forward) => forward.project === name);
  const listening = () => {
    const forwards = ours();
    return forwards.length === 2 && forwards.every(({ state }) => state === 'listening') && forwards;
  };

  await compose('up', '-d');
  const before = await engine.until('both services', listening);
  expect(before.map(({ id, service }) => [id, service]).sort()).toEqual([
    [`${name}/api:${first}/tcp`, 'api'],
    [`${name}/web:${first + 1}/tcp`, 'web'],
  ]);
  expect([await pageSoon(first), await pageSoon(first + 1)]).toEqual([testPage, testPage]);

  const old = new Set(before.map(({ containerId }) => containerId));
  await compose('up', '-d', '--force-recreate', '-t', '0');
  const after = await engine.until('new containers', () => {
    const forwards = listening();
    return forwards && forwards.every(({ containerId }) => !old.has(containerId)) && forwards;
  });
  expect(after.map(({ id, local }) => [id, local.port]).sort()).toEqual([
    [`${name}/api:${first}/tcp`, first],
    [`${name}/web:${first + 1}/tcp`, first + 1],
  ]);
  expect([await pageSoon(first), await pageSoon(first + 1)]).toEqual([testPage, testPage]);

  await compose('down', '-t', '0');
  await engine.until('no forwards', () => ours().length === 0);
  expect([await refusal(first), await refusal(first + 1)]).toEqual(['ECONNREFUSED', 'ECONNREFUSED']);
});

test('replicas of one service on ports that Docker chooses are forwards of their own', async () => {
  const engine = await bench.engine();
  const { name, compose } = await project(await freePorts(2));
  await compose('up', '-d', 'api');
  const one = await engine.until('api', () => engine.forwards.find(({ project: of }) => of === name));
  const twin = await bench.container(['-p', '80', ...labels(name, 'api')]);
  const two = await engine.untilForward(twin);
  expect(two.id).not.toBe(one.id);
  expect(await pageSoon(two.local.port)).toBe(testPage);
});

function labels(project: string, service: string): string[] {
  const values = [`com.docker.compose.project=${project}`, `com.docker.compose.service=${service}`];
  return values.flatMap((value) => ['--label', value]);
}
