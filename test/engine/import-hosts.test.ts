import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { candidateOfContext, findHostCandidates, newCandidates } from '../../engine/import-hosts.ts';
import type { HostCandidate } from '../../shared/host-candidate.ts';

let home = '';
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'import-'));
  await mkdir(join(home, '.ssh', 'conf.d'), { recursive: true });
});
afterEach(() => rm(home, { recursive: true }));

const config = (text: string, file = 'config') => writeFile(join(home, '.ssh', file), text);
const meta = (host: string, name = 'lab') =>
  JSON.stringify({ Name: name, Metadata: {}, Endpoints: { docker: { Host: host, SkipTLSVerify: false } } });

async function context(folder: string, text: string): Promise<void> {
  await mkdir(join(home, '.docker', 'contexts', 'meta', folder), { recursive: true });
  await writeFile(join(home, '.docker', 'contexts', 'meta', folder, 'meta.json'), text);
}

const find = () => findHostCandidates({ env: { HOME: home }, saved: [] });
const brief = (candidates: readonly HostCandidate[]) =>
  candidates.map(({ name, target, from }) => `${name} ${target} ${from}`);

test('aliases are found, also in included files, once each; patterns are not', async () => {
  await config('Include conf.d/*\nHost web db *.internal !old\n  User ml\nHost web\nMatch host x\nHost "*"\n');
  await config('Host gpu-lab\n  HostName 10.0.0.7\n', 'conf.d/lab');
  const found = await find();
  expect(brief(found)).toEqual(['gpu-lab gpu-lab ssh-config', 'web web ssh-config', 'db db ssh-config']);
  expect(found.map(({ file }) => file)).toEqual([
    join(home, '.ssh/conf.d/lab:1'),
    join(home, '.ssh/config:2'),
    join(home, '.ssh/config:2'),
  ]);
});

test('docker contexts that lead through ssh are found, others are not, broken ones do no harm', async () => {
  await context('a', meta('ssh://ml@10.0.0.7:2222', 'lab'));
  await context('b', meta('unix:///var/run/docker.sock', 'local'));
  await context('c', 'not JSON');
  await mkdir(join(home, '.docker/contexts/meta/empty'));
  expect(brief(await find())).toEqual(['lab ssh://ml@10.0.0.7:2222 docker-context']);
});

test('DOCKER_CONFIG is honoured, and nothing at all is no failure', async () => {
  await context('a', meta('ssh://lab'));
  expect(await findHostCandidates({ env: { HOME: home, DOCKER_CONFIG: join(home, 'other') }, saved: [] })).toEqual([]);
  expect(
    brief(
      await findHostCandidates({
        env: { HOME: join(home, 'nobody'), DOCKER_CONFIG: join(home, '.docker') },
        saved: [],
      }),
    ),
  ).toEqual(['lab lab docker-context']);
});

test('an Include that includes itself comes to an end', async () => {
  await config('Host web\nInclude config\n');
  expect(brief(await find())).toEqual(['web web ssh-config']);
});

test.each([
  ['ssh://ml@lab/run/user/1000/docker.sock', { target: 'ssh://ml@lab', dockerSocket: '/run/user/1000/docker.sock' }],
  ['ssh://lab/', { target: 'lab' }],
])('a context of %s names its socket, if any', (host, expected) => {
  expect(candidateOfContext(meta(host), 'f')).toEqual({ name: 'lab', from: 'docker-context', file: 'f', ...expected });
});

test.each(['ssh://', 'ssh://user:secret@lab', 'tcp://lab:2376', 'ssh://-oProxyCommand=x', ''])(
  'a context of %j is no candidate',
  (host) => {
    expect(candidateOfContext(meta(host), 'f')).toBeUndefined();
  },
);

test('what is saved is left out, and a name that is taken gives way', () => {
  const one = { name: 'lab', target: 'lab', from: 'ssh-config', file: 'f' } as const;
  const other = { name: 'lab', target: 'ssh://ml@lab', from: 'docker-context', file: 'g' } as const;
  expect(newCandidates([one], [{ id: 'x', target: 'lab' }])).toEqual([]);
  expect(newCandidates([one, other, other], []).map(({ name }) => name)).toEqual([
    'lab',
    expect.stringMatching(/^ml-lab_[0-9a-z]{8}$/),
  ]);
});
