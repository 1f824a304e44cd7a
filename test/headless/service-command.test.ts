import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { serviceCommand } from '../../headless/service-command.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towline-service-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const started = (script: string) => ({
  execPath: '/usr/bin/node',
  execArgv: ['--flag'],
  argv: ['/usr/bin/node', script],
});

test('the service runs this very installation, by its real path, with the flags that Node was given', async () => {
  const script = join(folder, 'towline.js');
  await writeFile(script, '');
  await symlink(script, join(folder, 'towline'));
  const link = join(folder, 'towline');
  expect(serviceCommand({ env: {}, ui: undefined, process: started(link) })).toEqual({
    program: ['/usr/bin/node', '--flag', script, 'up', '--no-ui'],
    environment: {},
  });
  expect(serviceCommand({ env: {}, ui: '9400', process: started(link) }).program.slice(-3)).toEqual([
    'up',
    '--ui',
    '9400',
  ]);
  expect(serviceCommand({ env: {}, ui: true, process: started(link) }).program.slice(-2)).toEqual(['up', '--ui']);
});

test('a page needs a port that is one', async () => {
  const script = join(folder, 'towline.js');
  await writeFile(script, '');
  for (const ui of ['ssh://me@host', '70000', '']) {
    expect(() => serviceCommand({ env: {}, ui, process: started(script) })).toThrow(
      expect.objectContaining({ code: 'usage' }),
    );
  }
});

test('what says where the files are goes with it, and nothing else of the terminal', async () => {
  const script = join(folder, 'towline.js');
  await writeFile(script, '');
  const env = { TOWLINE_HOME: '/srv/towline', XDG_CONFIG_HOME: '', PATH: '/bin', TOKEN: 'secret' };
  expect(serviceCommand({ env, ui: undefined, process: started(script) }).environment).toEqual({
    TOWLINE_HOME: '/srv/towline',
  });
});

test("a towline in npx's cache makes no service, as the cache is emptied", async () => {
  const cache = join(folder, '_npx', 'abc', 'node_modules');
  await mkdir(cache, { recursive: true });
  await writeFile(join(cache, 'towline.js'), '');
  expect(() => serviceCommand({ env: {}, ui: undefined, process: started(join(cache, 'towline.js')) })).toThrow(
    expect.objectContaining({ code: 'service-program-temporary' }),
  );
});
