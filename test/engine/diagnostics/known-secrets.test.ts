import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findSecrets } from '../../../engine/diagnostics/known-secrets.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tl-secrets-'));
});
afterEach(() => rm(dir, { recursive: true }));

const find = (places: Partial<Parameters<typeof findSecrets>[0]>): Promise<string[]> =>
  findSecrets({ env: {}, stackDirs: [dir], tokenFiles: [], ...places });

test('of the environment it takes variables with a telling name, and not where a shell is', async () => {
  const env = {
    CI_TOKEN: 't0ken',
    HOME: '/home/me',
    PWD: '/srv/shop',
    OLDPWD: '/srv',
    TOKENIZE: 'false',
    PIN_TOKEN: 'abc',
  };
  expect(await find({ env })).toEqual(['t0ken']);
});

test('of .env files it takes all values, but short and common ones only of variables with a telling name', async () => {
  await writeFile(
    join(dir, '.env.local'),
    'A=val-1\nB="two words" # no comment\nPORT=8080\nMODE=production\nDB_PASSWORD=1234\n',
  );
  await writeFile(join(dir, 'web.env'), "KEY='line-one\nline-two'\nTZ=Europe/Berlin\n");
  await writeFile(join(dir, 'notes.txt'), 'B=nothing-of-ours\n');
  const all = ['two words', '1234', 'line-one\nline-two', 'line-one', 'line-two'];
  expect((await find({})).sort()).toEqual(all.sort());
});

test('directories and files that are not there hold no secrets', async () => {
  expect(await find({ stackDirs: [join(dir, 'gone')], tokenFiles: [join(dir, 'gone')] })).toEqual([]);
});
