import { appendFile, chmod, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, inject, test } from 'vitest';
import { DisposableStore } from '../../../engine/base/disposables.ts';
import { verifyStack } from '../../../engine/deploy/deploy.ts';
import { dryRunStack, historyOf } from '../../../engine/deploy/look.ts';
import type { GateReport } from '../../../shared/deploy.ts';
import { testImage } from '../host/image.ts';
import { RealHost } from '../host/real-host.ts';
import { defaults, DeployBench, type Ended } from './deploy-bench.ts';

const host = new RealHost(inject('realHost'));
let owned = new DisposableStore();
const never = new AbortController().signal;

afterEach(async () => {
  await owned.dispose();
  owned = new DisposableStore();
});

const open = async (...args: Parameters<typeof DeployBench.open>) => owned.add(await DeployBench.open(...args));
const stages = ({ progress }: Ended) => progress.flatMap((step) => (step.kind === 'stage' ? [step.stage] : []));
const changes = ({ progress }: Ended) =>
  progress.flatMap((step) => (step.kind === 'changes' ? step.changes.map(({ kind, path }) => `${kind} ${path}`) : []));

test('a first deployment brings the stack up, stage by stage', async () => {
  const bench = await open(host, 'page');
  const ended = await bench.deploy();
  expect(ended.result).toMatchObject({ outcome: 'succeeded', release: 'new' });
  expect(stages(ended)).toEqual([
    ...[
      'packing',
      'connecting',
      'inspecting',
      'uploading',
      'verifying',
      'applying',
      'checking',
      'building',
      'starting',
    ],
    ...['gating', 'committing'],
  ]);
  expect(await bench.page(18301)).toBe('page one');
  expect(await bench.leftovers()).toEqual([]);
});

test.each([2, 1])('with MaxSessions %i a deployment takes one session of the one connection', async (MaxSessions) => {
  const sshd = await host.startSshd(2210 + MaxSessions, { MaxSessions });
  owned.defer(() => sshd.stop());
  const bench = await open(host, 'page', {}, sshd);
  const { result } = await bench.deploy();
  expect({ outcome: result.outcome, ...(await sshd.counts()) }).toEqual({
    outcome: 'succeeded',
    connections: 1,
    sessions: 1,
  });
});

test('a redeployment sends only what changed and deletes only what was ours', async () => {
  const bench = await open(host, 'page');
  await writeFile(join(bench.stack.dir, 'www/large.bin'), Buffer.alloc(3_000_000, 'towline'));
  await writeFile(join(bench.stack.dir, 'www/old.html'), 'old');
  await bench.deploy();
  await host.exec(`echo theirs >${bench.remoteDir}/www/theirs.html`);
  await writeFile(join(bench.stack.dir, 'www/index.html'), 'page two\n');
  await rm(join(bench.stack.dir, 'www/old.html'));

  const again = await bench.deploy();
  expect(changes(again)).toEqual(['changed www/index.html', 'deleted www/old.html']);
  expect(again.result).toMatchObject({ outcome: 'succeeded' });
  expect(again.result.bytesSent).toBeLessThan(10_000);
  expect(await bench.page(18301)).toBe('page two');
  expect((await host.exec(`ls ${bench.remoteDir}/www`)).split('\n')).toEqual([
    'index.html',
    'large.bin',
    'theirs.html',
    '',
  ]);
});

test('an image is built on the host, and going back brings the image before it', async () => {
  const bench = await open(host, 'built');
  await bench.deploy();
  expect(await bench.page(18302)).toBe('built one');
  await writeFile(join(bench.stack.dir, 'site/index.html'), 'built two\n');
  await bench.deploy();
  expect(await bench.page(18302)).toBe('built two');

  const { result } = await bench.rollback();
  expect(result).toMatchObject({ outcome: 'succeeded', release: 'new' });
  expect(await bench.page(18302)).toBe('built one');
});

test('several services come up in order; .env is private, and a file that is mounted alone is read anew', async () => {
  const bench = await open(host, 'shop');
  expect((await bench.deploy()).result).toMatchObject({ outcome: 'succeeded' });
  expect(await bench.page(18303)).toBe('shop one');
  expect((await host.exec(`stat -c %a ${bench.remoteDir}/.env`)).trim()).toBe('600');

  await writeFile(join(bench.stack.dir, 'conf/index.html'), 'shop two\n');
  const writers = () => host.docker(['ps', '-q', '--filter', 'label=com.docker.compose.service=writer']);
  const writer = await writers();
  expect((await bench.deploy()).result).toMatchObject({ outcome: 'succeeded' });
  expect(await bench.page(18303)).toBe('shop two');
  expect(await writers()).toBe(writer);
  expect((await host.exec(`wc -l <${bench.remoteDir}/data/starts`)).trim()).toBe('1');
});

test('the history names each release and who made it, and any of them can be gone back to', async () => {
  const bench = await open(host, 'page', { keep: 2 });
  const ids: string[] = [];
  for (const text of ['page one', 'page two', 'page three']) {
    await writeFile(join(bench.stack.dir, 'www/index.html'), `${text}\n`);
    ids.unshift((await bench.deploy()).result.id);
  }
  const history = await historyOf(bench.tools(), bench.stack, never);
  expect(history.releases.map(({ id, by, current }) => ({ id, by, current }))).toEqual([
    { id: ids[0], by: 'tester@bench', current: true },
    { id: ids[1], by: 'tester@bench', current: false },
  ]);
  expect(history.last).toMatchObject({ id: ids[0], outcome: 'succeeded' });
  expect((await bench.rollback(ids[1])).result.outcome).toBe('succeeded');
  expect(await bench.page(18301)).toBe('page two');
  expect((await bench.rollback(ids[2])).result).toMatchObject({
    outcome: 'refused',
    failure: { code: 'release-unknown' },
    release: 'old',
  });
});

test('a dry run tells what would change, and touches nothing', async () => {
  const bench = await open(host, 'page');
  const dry = async () => (await dryRunStack(bench.tools(), bench.stack, defaults, never)).dry;
  expect((await dry()).changes.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
    'added compose.yml',
    'added www/index.html',
  ]);
  expect(await host.exec(`ls -A ${host.info.dir}/home/towline 2>/dev/null || true`)).not.toContain('page');
  await bench.deploy();
  await appendFile(join(bench.stack.dir, 'www/index.html'), 'more');
  expect(await dry()).toMatchObject({
    changes: [{ path: 'www/index.html', kind: 'changed', before: 9, after: 13 }],
    config: [],
  });
  expect(await bench.page(18301)).toBe('page one');
});

test('a dry run tells which settings of the rendered configuration change', async () => {
  const bench = await open(host, 'page');
  const dry = async () => (await dryRunStack(bench.tools(), bench.stack, defaults, never)).dry;
  expect((await dry()).config).toContainEqual({ path: 'services.web.image', after: testImage });
  await bench.deploy();
  await writeFile(join(bench.stack.dir, '.env'), 'API_KEY=s3cr3t-key\n');
  await appendFile(join(bench.stack.dir, 'compose.yml'), '    environment: { URL: "http://api/?k=${API_KEY}" }\n');
  const { config, compose } = await dry();
  expect({ config, compose }).toEqual({
    config: [{ path: 'services.web.environment.URL', after: 'http://api/?k=s3cr3t-key' }],
    compose: undefined, // docker-compose 1.29 has no dry run
  });
  await writeFile(join(bench.stack.dir, 'compose.yml'), 'services: { web: { no_such_key: 1 } }\n');
  await expect(dry()).rejects.toMatchObject({ code: 'config' });
});

test('what somebody changed on the host is seen, put right, and given back by going back', async () => {
  const bench = await open(host, 'page');
  await bench.deploy();
  await host.exec(`echo drifted >${bench.remoteDir}/www/index.html; chmod 600 ${bench.remoteDir}/compose.yml`);
  expect(changes(await bench.deploy())).toEqual(['changed compose.yml', 'changed www/index.html']);
  expect(await bench.page(18301)).toBe('page one');
});

test('a change on the host that keeps size and time is seen too', async () => {
  const bench = await open(host, 'page');
  await bench.deploy();
  expect(changes(await bench.deploy())).toEqual([]);
  const file = `${bench.remoteDir}/www/index.html`;
  await host.exec(`touch -r ${file} /run/time; printf 'page 0ne\\n' >${file}; touch -r /run/time ${file}`);
  expect(changes(await bench.deploy())).toEqual(['changed www/index.html']);
  expect(await bench.page(18301)).toBe('page one');
});

test('names with spaces, quotes, substitutions and any script arrive as they are', async () => {
  const bench = await open(host, 'page');
  const names = [
    ' leading',
    'trailing ',
    "it's",
    '"quoted"',
    '$(touch owned)',
    '`id`',
    '-rf',
    'Ünïcödé 日本',
    'a;b|c&d',
    '*',
    '%n',
    '#x',
  ];
  const folder = join(bench.stack.dir, 'www', "o'dd $(x) dir");
  await mkdir(folder);
  for (const name of names) await writeFile(join(folder, name), `content of ${name}\n`);
  await writeFile(join(folder, 'tool'), '#!/bin/sh\n');
  await chmod(join(folder, 'tool'), 0o755);
  await symlink('tool', join(folder, 'link to tool'));
  expect((await bench.deploy()).result).toMatchObject({ outcome: 'succeeded' });
  const found = (
    await host.exec(`cd "${bench.remoteDir}/www/o'dd "*; stat -c %a tool; readlink link*; ls -A; cat ./*`)
  ).split('\n');
  expect(found).toEqual(
    expect.arrayContaining(['755', 'tool', ...names, ...names.map((name) => `content of ${name}`)]),
  );

  await rename(join(folder, '$(touch owned)'), join(folder, 'renamed'));
  expect(changes(await bench.deploy())).toEqual([
    "deleted www/o'dd $(x) dir/$(touch owned)",
    "added www/o'dd $(x) dir/renamed",
  ]);
});

test('verifying a stack takes no session', async () => {
  const bench = await open(host, 'page', {
    checks: [{ kind: 'http', url: 'http://127.0.0.1:18301/', body: 'page \\w+' }],
  });
  await bench.deploy();
  const { sessions } = await host.sshd.counts();
  const gates: GateReport[] = [];
  expect(await verifyStack(bench.tools(), bench.stack, (gate) => gates.push(gate), never)).toBe(true);
  expect(gates.map(({ saw }) => saw)).toEqual(['1 container running', 'status 200, body matches']);
  expect((await host.sshd.counts()).sessions).toBe(sessions);
});
