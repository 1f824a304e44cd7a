import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { installContext, removeContext } from '../../engine/context.ts';

let config: string;
beforeEach(async () => {
  config = await mkdtemp(join(tmpdir(), 'tl-context-'));
});
afterEach(() => rm(config, { recursive: true }));

const contexts = (): Promise<string[]> => readdir(join(config, 'contexts', 'meta'));

test('a context is installed, moved to another socket, and removed; each twice is the same as once', async () => {
  const name = 'towline-shop';
  expect(await installContext(config, 'shop', '/run/a.sock')).toEqual({ name, changed: true });
  expect(await installContext(config, 'shop', '/run/a.sock')).toEqual({ name, changed: false });
  expect(await installContext(config, 'shop', '/run/b.sock')).toEqual({ name, changed: true });
  expect(await contexts()).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
  expect(await removeContext(config, 'shop')).toEqual({ name, changed: true });
  expect(await removeContext(config, 'shop')).toEqual({ name, changed: false });
  expect(await contexts()).toEqual([]);
});

test('a context that Towline did not make is neither overwritten nor removed', async () => {
  await installContext(config, 'shop', '/run/a.sock');
  const [id] = await contexts();
  const foreign = JSON.stringify({ Name: 'towline-shop', Metadata: {}, Endpoints: { docker: { Host: 'tcp://x' } } });
  for (const meta of [foreign, 'not json']) {
    await writeFile(join(config, 'contexts', 'meta', id ?? '', 'meta.json'), meta);
    await expect(installContext(config, 'shop', '/run/b.sock')).rejects.toMatchObject({ code: 'context-not-ours' });
    await expect(removeContext(config, 'shop')).rejects.toMatchObject({ code: 'context-not-ours' });
  }
});

test('the context in use stays until another one is', async () => {
  await installContext(config, 'shop', '/run/a.sock');
  await writeFile(join(config, 'config.json'), '{"currentContext":"towline-shop"}');
  await expect(removeContext(config, 'shop')).rejects.toMatchObject({ code: 'context-in-use' });
  await writeFile(join(config, 'config.json'), '{"currentContext":"default"}');
  expect(await removeContext(config, 'shop')).toMatchObject({ changed: true });
});
