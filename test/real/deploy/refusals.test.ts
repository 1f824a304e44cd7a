import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, expect, inject, test } from 'vitest';
import { systemClock } from '../../../engine/base/clock.ts';
import { DisposableStore } from '../../../engine/base/disposables.ts';
import { testImage } from '../host/image.ts';
import { RealHost } from '../host/real-host.ts';
import { DeployBench } from './deploy-bench.ts';

const host = new RealHost(inject('realHost'));
let owned = new DisposableStore();

afterEach(async () => {
  await owned.dispose();
  owned = new DisposableStore();
});

const open = async (...args: Parameters<typeof DeployBench.open>) => owned.add(await DeployBench.open(...args));

/** The code that a deployment is refused with; nothing was sent. */
async function refusal(bench: DeployBench): Promise<string | undefined> {
  const { result } = await bench.deploy();
  expect(result).toMatchObject({ outcome: 'refused', bytesSent: 0 });
  return result.failure?.code;
}

test('a second deployment is refused while one runs, and told who and since when', async () => {
  const bench = await open(host, 'page');
  const first = bench.deploy({
    hear: (step) => {
      if (step.kind === 'stage' && step.stage === 'starting') void second();
    },
  });
  let told: Promise<unknown> = Promise.reject(new Error('never started'));
  told.catch(() => undefined);
  const second = () => (told = bench.deploy().then(({ result }) => result));
  expect((await first).result.outcome).toBe('succeeded');
  expect(await told).toMatchObject({
    outcome: 'refused',
    release: 'none',
    failure: {
      code: 'lock-held',
      message: expect.stringMatching(/^tester@bench has been deploying this stack since \d{4}-/) as string,
    },
  });
});

test('the lock of a run that was killed on the host is taken over', async () => {
  const bench = await open(host, 'page');
  await bench.deploy();
  await host.exec(
    `mkdir ${bench.stateDir}/lock && echo '999999 1 99999999999 ghost@nowhere' >${bench.stateDir}/lock/owner && chown -R ${host.user} ${bench.stateDir}/lock`,
  );
  const { result, progress } = await bench.deploy();
  expect(result.outcome).toBe('succeeded');
  expect(progress).toContainEqual(expect.objectContaining({ kind: 'warning', code: 'stale-lock' }));
});

test('a port that another project publishes is refused before anything is sent', async () => {
  const id = await host.docker(['run', '-d', '-p', '18301:80', testImage]);
  owned.defer(async () => void (await host.docker(['rm', '-f', id])));
  expect(await refusal(await open(host, 'page'))).toBe('port-taken');
});

test('a directory with files of somebody else is not taken', async () => {
  const bench = await open(host, 'page');
  await host.exec(
    `mkdir -p ${bench.remoteDir} && echo precious >${bench.remoteDir}/notes && chown -R ${host.user} ${dirname(bench.remoteDir)}`,
  );
  expect(await refusal(bench)).toBe('unmanaged-directory');
  expect(await host.exec(`cat ${bench.remoteDir}/notes`)).toBe('precious\n');
});

test('the home directory, by whatever name, and places without permission are refused', async () => {
  const home = join(host.info.dir, 'home');
  expect(await refusal(await open(host, 'page', { remoteDir: home }))).toBe('path-trap');
  expect(await refusal(await open(host, 'page', { remoteDir: `${home}-not-yours/shop` }))).toBe('not-writable');
});

test('a full disk is refused before anything is sent', async () => {
  const mount = join(host.info.dir, 'small');
  await host.exec(`mkdir ${mount} && mount -t tmpfs -o size=12m,mode=1777 tmpfs ${mount}`);
  owned.defer(async () => void (await host.exec(`umount ${mount} && rmdir ${mount}`)));
  const bench = await open(host, 'page', { remoteDir: `${mount}/page` });
  expect(await refusal(bench)).toBe('disk-full');
});

test('a file that a container wrote is never replaced by one of ours', async () => {
  const bench = await open(host, 'page');
  await bench.deploy();
  await host.exec(`echo theirs >${bench.remoteDir}/www/late.html`);
  await writeFile(join(bench.stack.dir, 'www/late.html'), 'ours\n');
  const { result } = await bench.deploy();
  expect(result).toMatchObject({ outcome: 'refused', release: 'old', failure: { code: 'file-in-the-way' } });
  expect(await host.exec(`cat ${bench.remoteDir}/www/late.html`)).toBe('theirs\n');
  expect(await bench.leftovers()).toEqual([]);
});

test('a directory of the stack that has come to belong to somebody else is told, and nothing is changed', async () => {
  const bench = await open(host, 'page');
  await bench.deploy();
  await host.exec(`chown root ${bench.remoteDir}/www`);
  await writeFile(join(bench.stack.dir, 'www/index.html'), 'page two\n');
  const { result } = await bench.deploy();
  expect(result).toMatchObject({ outcome: 'refused', release: 'old', failure: { code: 'not-writable' } });
  expect(result.failure?.message).toContain(`${bench.remoteDir}/www `);
  expect(await bench.page(18301)).toBe('page one');
  expect(await bench.leftovers()).toEqual([]);
});

test('a link that a container planted leads none of our files elsewhere', async () => {
  const bench = await open(host, 'page');
  await bench.deploy();
  await host.exec(
    `mkdir -p /run/elsewhere && chmod 777 /run/elsewhere && ln -s /run/elsewhere ${bench.remoteDir}/www/sub`,
  );
  await symlink('www', join(bench.stack.dir, 'shortcut'));
  await mkdir(join(bench.stack.dir, 'www/sub'));
  await writeFile(join(bench.stack.dir, 'www/sub/file'), 'ours\n');
  expect((await bench.deploy()).result).toMatchObject({ outcome: 'refused', failure: { code: 'file-in-the-way' } });
  expect(await host.exec('ls -A /run/elsewhere')).toBe('');
});

test('a host without Compose, and one without a tool, say so', async () => {
  const bench = await open(host, 'page');
  const without = (...names: string[]) => host.exec(names.map((name) => `mount --bind /dev/null ${name}`).join('\n'));
  await without('/usr/bin/docker-compose');
  expect(await refusal(bench)).toBe('no-compose');
  await host.exec('umount /usr/bin/docker-compose');
  await without('/usr/bin/xargs');
  const { result } = await bench.deploy();
  await host.exec('umount /usr/bin/xargs');
  expect(result.failure?.message).toBe('The host lacks tools that a deployment needs: xargs.');
});

test('clocks that differ are told', async () => {
  const bench = await open(host, 'page');
  const clock = { ...systemClock, now: () => systemClock.now() - 90_000 };
  const { progress } = await bench.deploy({ tools: { ...bench.tools(), clock } });
  expect(progress).toContainEqual(expect.objectContaining({ kind: 'warning', code: 'clock-skew' }));
});
