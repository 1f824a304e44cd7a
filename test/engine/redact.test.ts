import { expect, test } from 'vitest';
import { redact, redactText } from '../../engine/redact.ts';

test.each([
  ['AWS_SECRET_ACCESS_KEY=x9', 'AWS_SECRET_ACCESS_KEY=[redacted]'],
  ['DB_PASS: x9, DB_USER: me', 'DB_PASS: [redacted], DB_USER: me'],
  ['Server=db;Pwd=x9;', 'Server=db;Pwd=[redacted];'],
  ['{\\"password\\":\\"x 9\\",\\"user\\":\\"me\\"}', '{\\"password\\":[redacted],\\"user\\":\\"me\\"}'],
  ['login --password x9 --user me', 'login --password [redacted] --user me'],
  ['postgres://me:a@b@db:5432/shop', 'postgres://me:[redacted]@db:5432/shop'],
  ['https://ghp0123456789abcdef@github.com/x', 'https://[redacted]@github.com/x'],
  ['passphrase: correct horse staple; user me', 'passphrase: [redacted]; user me'],
  ['key AKIAIOSFODNN7EXAMPLE is old', 'key [redacted] is old'],
])('%s is told as %s', (text, clean) => {
  expect(redactText(text)).toBe(clean);
});

test.each([
  'PWD=/srv/shop',
  'ssh://me@shop:22 and http://me@nas/ are ready',
  'https://shop.example:8443/a@b',
  'the password was refused',
  'asked for a passphrase',
  'tokens left 5 of 20',
  'event stream live on eyJ',
])('%s stays as it is', (text) => {
  expect(redactText(text)).toBe(text);
});

test('names of fields, numbers and texts go through the same rule, as deep as is wished', () => {
  const how = { text: (text: string) => text.replace('4711', '[redacted]'), maxDepth: 3 };
  expect(redact({ a4711: 1, pin: 4711, password: 5, deep: { er: { est: {} } } }, how)).toEqual({
    ...{ 'a[redacted]': 1, pin: '[redacted]', password: '[redacted]' },
    deep: { er: { est: '[deep]' } },
  });
});
