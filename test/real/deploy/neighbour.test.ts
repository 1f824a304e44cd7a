import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, inject, test } from 'vitest';
import { DisposableStore } from '../../../engine/base/disposables.ts';
import { probeHttp } from '../../support/http-probe.ts';
import { testImage } from '../host/image.ts';
import { RealHost } from '../host/real-host.ts';
import { DeployBench } from './deploy-bench.ts';

const host = new RealHost(inject('realHost'));
let owned = new DisposableStore();

afterEach(async () => {
  await owned.dispose();
  owned = new DisposableStore();
});

const twoServices = (round: string): string => `services:
  web:
    image: ${testImage}
    environment: { ROUND: ${round} }
    volumes: ['./www:/www:ro']
  steady:
    image: ${testImage}
    ports: ['18304:80']
    volumes: ['./www:/www:ro']
`;

test('a service that a redeployment does not touch answers every request while another one is made anew', async () => {
  const bench = owned.add(await DeployBench.open(host, 'page'));
  const container = (service: string) =>
    host.docker(['ps', '-q', '--filter', `label=com.docker.compose.service=${service}`]);
  const describe = (round: string) => writeFile(join(bench.stack.dir, 'compose.yml'), twoServices(round));
  await describe('one');
  expect((await bench.deploy()).result.outcome).toBe('succeeded');
  const before = { web: await container('web'), steady: await container('steady') };

  const probe = probeHttp({ host: host.address, port: 18304 }, 50);
  await describe('two');
  const { result } = await bench.deploy();
  const { asked, failed } = await probe.stop();
  expect(result.outcome).toBe('succeeded');
  expect({ failed, steady: await container('steady') }).toEqual({ failed: 0, steady: before.steady });
  expect(await container('web')).not.toBe(before.web);
  expect(asked).toBeGreaterThan(0);
});
