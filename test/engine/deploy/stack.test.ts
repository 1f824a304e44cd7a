import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readProject } from '../../../engine/deploy/stack.ts';
import { FailureError } from '../../../shared/failure.ts';
import { stackSchema, type Stack } from '../../../shared/stack.ts';

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tl-project-'));
});

afterEach(() => rm(dir, { recursive: true }));

async function project(files: Record<string, string>, more: Partial<Stack> = {}): Promise<Stack> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), text);
  }
  return stackSchema.parse({ name: 'shop', host: 'web', dir, ...more });
}

async function failure(stack: Stack): Promise<FailureError> {
  const error = await readProject(stack).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof FailureError) return error;
  throw new Error('the project was read', { cause: error });
}

const compose = 'services: { web: { image: nginx } }';

test('all files go along but those that are ignored; .env always does, and stays private', async () => {
  const stack = await project({
    'compose.yaml': compose,
    '.env': 'A=1',
    '.dockerignore': '.env\ntmp\n!tmp/keep\n',
    '.towlineignore': '*.md',
    '.git/config': '',
    'README.md': '',
    'bin/run': '',
    'tmp/a': '',
    'tmp/keep': '',
    key: '',
  });
  await chmod(join(dir, 'bin/run'), 0o755);
  await chmod(join(dir, 'key'), 0o600);
  await symlink('bin/run', join(dir, 'link'));
  const { files } = await readProject(stack);
  expect(files.map(({ path, mode }) => `${mode} ${path}`)).toEqual([
    ...[
      '644 .dockerignore',
      '600 .env',
      '644 .towlineignore',
      '755 bin/run',
      '644 compose.yaml',
      '600 key',
      'link link',
    ],
    '644 tmp/keep',
  ]);
});

test('all that cannot be sent is told at once', async () => {
  const stack = await project({
    'compose.yml': `services: { web: { build: ./nowhere, env_file: /etc/web.env, volumes: ['../up:/x', '/srv/data:/data'] } }`,
    'new\nline': '',
    'back\\slash': '',
  });
  await symlink('/etc/passwd', join(dir, 'escape'));
  const { code, message } = await failure(stack);
  expect({ code, lines: message.split('\n').slice(1).sort() }).toEqual({
    code: 'project-unsendable',
    lines: [
      '"back\\\\slash": its name has a backslash.',
      '"new\\nline": its name has a line break or another control character.',
      'escape: is a link that leaves the project (to /etc/passwd).',
      'service web: ../up lies outside the project.',
      'service web: ./nowhere is missing or left out by the ignore files.',
      'service web: /etc/web.env is a path of this machine, not of the host.',
    ],
  });
});

test('a mount of the host itself and variables that nobody sets are told, and no obstacle', async () => {
  const stack = await project({
    'compose.yml': `services: { web: { image: 'x:$TAG', volumes: ['/srv/data:/data'] } }`,
  });
  expect((await readProject(stack)).warnings).toEqual([
    'compose.yml uses variables that .env does not have: TAG.',
    'Service web mounts /srv/data of the host; nothing of this machine is sent there.',
  ]);
});

test('the compose file is the first of its usual names, with its override; or those that are named', async () => {
  const files = {
    'compose.yml': compose,
    'compose.override.yml': compose,
    'docker-compose.yml': compose,
    'ops/prod.yml': compose,
  };
  expect((await readProject(await project(files))).composeFiles).toEqual(['compose.yml', 'compose.override.yml']);
  expect((await readProject(await project({}, { files: ['./ops/prod.yml'] }))).composeFiles).toEqual(['ops/prod.yml']);
});

test.each([
  ['compose-file-missing', {}, {}],
  ['compose-file-missing', { 'compose.yml': compose }, { files: ['../compose.yml'] }],
  ['compose-invalid', { 'compose.yml': 'services: 1' }, {}],
  ['env-variables-missing', { 'compose.yml': 'services: { a: { image: "${IMAGE:?}" } }' }, {}],
  ['stack-dir-missing', {}, { dir: '/nowhere/at/all' }],
  ['project-unsendable', { 'compose.yml': compose, '.towlineignore': '*.yml' }, {}],
])('%s is told before anything is sent', async (code, files, more) => {
  expect(await failure(await project(files, more))).toMatchObject({ code, hint: expect.any(String) as string });
});

test.each([
  '/',
  '~/',
  '~',
  '/srv',
  '/etc/shop',
  '/usr/share/shop',
  'shop',
  '/srv/../etc',
  '/srv//x',
  '/srv/x/',
  '~/a\nb',
])('%j is never taken for the directory of a stack', async (remoteDir) => {
  expect((await failure(await project({ 'compose.yml': compose }, { remoteDir }))).code).toBe('remote-path-trap');
});
