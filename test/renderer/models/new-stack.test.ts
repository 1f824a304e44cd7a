import { expect, test } from 'vitest';
import { nameFromDir, nameProblem, stackOf } from '../../../renderer/models/new-stack.ts';
import { stackSchema } from '../../../shared/stack.ts';

test('a name made of a directory is one that the contract takes', () => {
  const names = ['~/code/shop', '/srv/My Blog/', 'C:\\work\\Äpp_2.0', '--x', 'a'.repeat(80)].map(nameFromDir);
  expect(names.slice(0, 4)).toEqual(['shop', 'my-blog', 'pp_2.0', 'x']);
  for (const name of names) expect(stackSchema.shape.name.safeParse(name).success).toBe(true);
  expect(nameFromDir('/')).toBe('');
});

test('a name that is taken or cannot be one is told', () => {
  expect([nameProblem('', []), nameProblem('shop', ['shop']), nameProblem('shop', [])]).toEqual([
    undefined,
    'There is a stack shop already.',
    undefined,
  ]);
  expect(nameProblem('My shop', [])).toContain('Small letters');
});

test('a draft is a stack as soon as nothing is missing', () => {
  const draft = { name: 'shop', host: 'staging', dir: ' ~/shop ', files: 'a.yml, b.yml,', remoteDir: '' };
  expect(stackOf({ ...draft, dir: ' ' })).toBeUndefined();
  expect(stackOf(draft)).toEqual({ name: 'shop', host: 'staging', dir: '~/shop', files: ['a.yml', 'b.yml'] });
  expect(stackOf({ ...draft, remoteDir: '/srv/shop' })).toHaveProperty('remoteDir', '/srv/shop');
});
