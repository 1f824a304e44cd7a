import { expect, test } from 'vitest';
import { newHost } from '../../../renderer/models/new-host.ts';

test.each([
  ['', '', { kind: 'empty' }],
  [
    'ssh://deploy@Shop.example:2222',
    '',
    { kind: 'valid', profile: { id: 'shop.example', target: 'ssh://deploy@Shop.example:2222' } },
  ],
  ['metal-02', 'rack', { kind: 'valid', profile: { id: 'rack', target: 'metal-02' } }],
  ['http://shop', '', { kind: 'invalid', problem: 'Towline reaches hosts by ssh, not by http.' }],
])('%j named %j', (target, name, expected) => {
  expect(newHost(target, name)).toEqual(expected);
});
