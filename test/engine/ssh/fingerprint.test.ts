import { expect, test } from 'vitest';
import { fingerprintOf, randomartOf, shortNameOf } from '../../../engine/ssh/fingerprint.ts';

const key = Buffer.from('AAAAC3NzaC1lZDI1NTE5AAAAIIiccYo8QDYFOezgPAFgL5emH9vPA2PKFz+WScW537Xo', 'base64');

test('a key has the fingerprint and the picture that ssh-keygen -lv gave it', () => {
  expect([fingerprintOf(key), ...randomartOf(key)]).toEqual([
    'SHA256:bZ9ituVuFYhxp8ghAZeAEkwPyoH+2Z2rhN7bm+SQ3nM',
    '+--[ED25519 256]--+',
    '|.++. .oooo       |',
    '|o.+o.  .o o . .  |',
    '|o. ..    o * +   |',
    '| .       .+ o .  |',
    '|  . o . S o    . |',
    '|   o...o . . ..  |',
    '|   . + .. + +.   |',
    '|  . + *o.E =.    |',
    '|   . =o*+ .oo    |',
    '+----[SHA256]-----+',
  ]);
});

test('key types are called what ssh calls them', () => {
  const types = ['ssh-ed25519', 'ssh-rsa', 'ssh-dss', 'ecdsa-sha2-nistp256', 'sk-ssh-ed25519@openssh.com'];
  expect(types.map(shortNameOf)).toEqual(['ED25519', 'RSA', 'DSA', 'ECDSA', 'ED25519-SK']);
});
