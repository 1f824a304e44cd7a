import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { DisposableStore } from '../../../engine/base/disposables.ts';
import { historyOf } from '../../../engine/deploy/look.ts';
import type { DeployProgress, DeployStage } from '../../../shared/deploy.ts';
import { RealHost } from '../host/real-host.ts';
import { defaults, DeployBench } from './deploy-bench.ts';

const host = new RealHost(inject('realHost'));
let owned = new DisposableStore();

afterEach(async () => {
  await owned.dispose();
  owned = new DisposableStore();
});

const at = (stage: DeployStage, act: () => void) => (step: DeployProgress) => {
  if (step.kind === 'stage' && step.stage === stage) act();
};

/** The page stack, deployed, with data of its own on the host and a large change to deploy next. */
async function deployed(more: Parameters<typeof DeployBench.open>[2] = {}): Promise<DeployBench> {
  const bench = await DeployBench.open(host, 'page', more);
  expect((await bench.deploy()).result.outcome).toBe('succeeded');
  await host.exec(`echo precious >${bench.remoteDir}/www/data`);
  await writeFile(join(bench.stack.dir, 'www/index.html'), 'page two\n');
  await writeFile(join(bench.stack.dir, 'www/large.bin'), Buffer.alloc(4_000_000, 'towline'));
  return bench;
}

/** The same, for one test alone. */
const own = async (...args: Parameters<typeof deployed>) => owned.add(await deployed(...args));

/** The old release runs, data is intact, the lock is free, nothing is left behind. */
async function expectOldRelease(bench: DeployBench): Promise<void> {
  await bench.settled();
  expect({
    page: await bench.page(18301),
    files: await host.exec(`ls ${bench.remoteDir}/www`),
    data: await host.exec(`cat ${bench.remoteDir}/www/data`),
    leftovers: await bench.leftovers(),
    releases: await host.exec(`ls ${bench.stateDir}/releases | wc -l`),
  }).toEqual({ page: 'page one', files: 'data\nindex.html\n', data: 'precious\n', leftovers: [], releases: '1\n' });
}

async function expectRecovered(bench: DeployBench): Promise<void> {
  await expectOldRelease(bench);
  await bench.reconnect();
  expect((await historyOf(bench.tools(), bench.stack, new AbortController().signal)).last?.outcome).not.toBe(
    'succeeded',
  );
}

describe('a large change to a release that runs', () => {
  const ownedByAll = new DisposableStore();
  let bench: DeployBench;

  beforeAll(async () => {
    bench = ownedByAll.add(await deployed());
  });

  afterAll(() => ownedByAll.dispose());

  test('a connection cut at any tenth of the upload leaves the old release as it is', async () => {
    for (let tenth = 0; tenth <= 10; tenth += 1) {
      const { result } = await bench.deploy({
        hear: (step) => {
          if (step.kind === 'bytes' && step.sent >= (step.total * tenth) / 10) bench.client.destroy();
        },
      });
      expect(result).toMatchObject({
        outcome: 'interrupted',
        release: 'unknown',
        failure: { code: 'deploy-interrupted' },
      });
      await expectRecovered(bench);
    }
  });

  const remoteStages = [
    'inspecting',
    'uploading',
    'verifying',
    'applying',
    'checking',
    'building',
    'starting',
    'gating',
  ] as const;

  test.each(remoteStages)('a connection cut at the stage "%s" ends with the old release', async (stage) => {
    const { result } = await bench.deploy({ hear: at(stage, () => bench.client.destroy()) });
    expect(result).toMatchObject({ outcome: 'interrupted', release: 'unknown' });
    await expectRecovered(bench);
  });

  test.each(remoteStages)('cancelling at the stage "%s" ends with the old release', async (stage) => {
    const cancel = new AbortController();
    const { result } = await bench.deploy({ signal: cancel.signal, hear: at(stage, () => cancel.abort()) });
    expect(result).toMatchObject({ outcome: 'cancelled', release: 'old' });
    await expectOldRelease(bench);
  });

  test.each([0, 0.5, 1])('cancelling after %f of the upload ends with the old release', async (part) => {
    const cancel = new AbortController();
    const { result } = await bench.deploy({
      signal: cancel.signal,
      hear: (step) => {
        if (step.kind === 'bytes' && step.sent >= step.total * part) cancel.abort();
      },
    });
    expect(result).toMatchObject({ outcome: 'cancelled', release: 'old' });
    await expectOldRelease(bench);
  });

  test('a gate that cannot be asked takes the release back', async () => {
    const deaf = {
      containers: () => Promise.reject(new Error('Docker did not answer')),
      lastLines: () => Promise.resolve([]),
    };
    const { result } = await bench.deploy({ tools: { ...bench.tools(), health: deaf } });
    expect(result).toMatchObject({ outcome: 'failed', release: 'old', failure: { message: 'Docker did not answer' } });
    await expectOldRelease(bench);
  });

  test('a file that changes while it is sent ends the run', async () => {
    const { result } = await bench.deploy({
      hear: (step) => {
        if (step.kind === 'stage' && step.stage === 'connecting')
          writeFileSync(join(bench.stack.dir, 'www/large.bin'), 'short');
      },
    });
    await writeFile(join(bench.stack.dir, 'www/large.bin'), Buffer.alloc(4_000_000, 'towline'));
    expect(result).toMatchObject({ outcome: 'failed', release: 'old', failure: { code: 'file-changed' } });
    await expectOldRelease(bench);
  });

  test('a client that is killed leaves nothing half done', async () => {
    const program = join(import.meta.dirname, 'deploying-client.ts');
    const client = spawn(process.execPath, [program, JSON.stringify(host.info), JSON.stringify(bench.stack)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(client, 'exit');
    for await (const stage of createInterface(client.stdout)) if (stage === 'starting') break;
    client.kill('SIGKILL');
    await exited;
    await expectRecovered(bench);
  });
});

test('a remote program that is killed is undone by the next run, which says so', async () => {
  const bench = await own();
  const kill = `kill -9 $(cut -d ' ' -f 1 ${bench.stateDir}/lock/owner)`;
  const killed: Promise<string>[] = [];
  const { result } = await bench.deploy({ hear: at('gating', () => killed.push(host.exec(kill))) });
  await Promise.all(killed);
  expect(result.outcome).toBe('interrupted');
  expect(await historyOf(bench.tools(), bench.stack, new AbortController().signal)).toMatchObject({ unfinished: true });
  await writeFile(join(bench.stack.dir, 'compose.yml'), 'services: { web: { image: "no/such:image" } }\n');
  const next = await bench.deploy();
  expect(next.progress).toContainEqual(expect.objectContaining({ kind: 'warning', code: 'recovered' }));
  expect(next.result).toMatchObject({ outcome: 'failed', release: 'old', failure: { code: 'pull' } });
  await expectOldRelease(bench);
});

test('a run that outlives its lease is ended and undone by the host itself', async () => {
  const bench = await own();
  const silent = {
    ...bench.tools(),
    health: { containers: () => new Promise<never>(() => undefined), lastLines: () => Promise.resolve([]) },
  };
  const { result } = await bench.deploy({ tools: silent, deployOptions: { ...defaults, leaseMs: 10_000 } });
  expect(result).toMatchObject({ outcome: 'failed', release: 'old', stage: 'gating', failure: { code: 'expired' } });
  await expectOldRelease(bench);
});

test('a disk that fills up during the upload leaves the old release', async () => {
  const mount = join(host.info.dir, 'small');
  await host.exec(`mkdir ${mount} && mount -t tmpfs -o size=40m,mode=1777 tmpfs ${mount}`);
  owned.defer(async () => void (await host.exec(`umount ${mount} && rmdir ${mount}`)));
  const bench = owned.add(await DeployBench.open(host, 'page', { remoteDir: `${mount}/page` }));
  expect((await bench.deploy()).result.outcome).toBe('succeeded');
  await writeFile(join(bench.stack.dir, 'www/large.bin'), Buffer.alloc(10_000_000, 'towline'));
  const fill = `head -c 33m /dev/zero >${mount}/filler`;
  const { result } = await bench.deploy({
    hear: (step) => {
      if (step.kind === 'changes') execFileSync('nsenter', ['-t', String(host.info.initPid), '-m', 'sh', '-c', fill]);
    },
  });
  expect(result).toMatchObject({ outcome: 'failed', release: 'old', failure: { code: 'receive' } });
  expect(await bench.page(18301)).toBe('page one');
  expect(await host.exec(`ls -A ${mount}; ls -A ${mount}/page/www ${mount}/.page.towline`)).not.toMatch(
    /large|run-|lock|undo/,
  );
});

test('a project that Compose does not accept changes nothing', async () => {
  const bench = await own();
  await appendFile(join(bench.stack.dir, 'compose.yml'), '    no_such_key: 1\n');
  const { result } = await bench.deploy();
  expect(result).toMatchObject({ outcome: 'failed', release: 'old', stage: 'checking', failure: { code: 'config' } });
  await expectOldRelease(bench);
});

test('a build that fails stops nothing', async () => {
  const bench = await own();
  await writeFile(join(bench.stack.dir, 'Dockerfile'), 'FROM towline-test:latest\nRUN echo broken build; exit 7\n');
  await appendFile(join(bench.stack.dir, 'compose.yml'), '    build: .\n');
  const { result, progress } = await bench.deploy();
  expect(result).toMatchObject({ outcome: 'failed', release: 'old', stage: 'building', failure: { code: 'build' } });
  expect(progress).toContainEqual({ kind: 'output', line: 'broken build' });
  await expectOldRelease(bench);
});

test('a container that turns unhealthy takes the release back, with its last lines', async () => {
  const bench = await own();
  const failing =
    "    command: ['sh', '-c', 'echo last words; exec httpd -f -p 80 -h /www']\n    healthcheck: { test: ['CMD', 'false'], interval: 1s, retries: 1 }\n";
  await appendFile(join(bench.stack.dir, 'compose.yml'), failing);
  const { result } = await bench.deploy();
  expect(result).toMatchObject({
    outcome: 'failed',
    release: 'old',
    stage: 'gating',
    failure: { code: 'gate-failed' },
  });
  expect(result.gates).toEqual([{ gate: 'health', ok: false, saw: 'page_web_1 is unhealthy', log: ['last words'] }]);
  await expectOldRelease(bench);
});

test('a container in a restart loop takes the release back', async () => {
  const bench = await own();
  await appendFile(join(bench.stack.dir, 'compose.yml'), "    restart: always\n    command: ['sh', '-c', 'exit 3']\n");
  const { result } = await bench.deploy();
  expect(result.gates[0]).toMatchObject({
    ok: false,
    saw: expect.stringMatching(/^page_web_1 (restarts again and again|is restarting|has ended)/) as string,
  });
  await expectOldRelease(bench);
});

test('an endpoint that does not answer as it should takes the release back', async () => {
  const checks = [{ kind: 'http', url: 'http://127.0.0.1:18301/', body: '^page one' }];
  const bench = await own({ checks, gates: { stableMs: 100, timeoutMs: 2_000 } });
  const { result } = await bench.deploy();
  expect(result).toMatchObject({ outcome: 'failed', release: 'old', failure: { code: 'gate-failed' } });
  expect(result.gates[1]?.saw).toBe('status 200, but the body does not match /^page one/');
  await expectOldRelease(bench);
});

test('a first deployment that fails leaves no container and no file, and the next one may try again', async () => {
  const checks = [{ kind: 'tcp', port: 1 }];
  const bench = owned.add(await DeployBench.open(host, 'page', { checks, gates: { stableMs: 100, timeoutMs: 1_000 } }));
  expect((await bench.deploy()).result).toMatchObject({ outcome: 'failed', release: 'none' });
  expect(await host.docker(['ps', '-aq', '--filter', 'label=com.docker.compose.project=page'])).toBe('');
  expect(await host.exec(`ls -A ${host.info.dir}/home/towline ${bench.stateDir}`)).not.toMatch(
    /^page$|lock|run-|undo/m,
  );
  expect((await bench.deploy({ stack: { ...bench.stack, checks: [] } })).result.outcome).toBe('succeeded');
});
