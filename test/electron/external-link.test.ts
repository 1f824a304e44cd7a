import { expect, test } from 'vitest';
import { mayOpenOutside } from '../../electron/external-link.ts';

test('only web pages of this machine are opened outside', () => {
  const allowed = [
    'http://localhost:8080/',
    'https://127.0.0.1:8443/a?b#c',
    'http://[::1]:3000',
    'http://127.0.0.5',
    'HTTP://LOCALHOST:1',
  ];
  const refused = [
    ...[
      'https://example.com/',
      'http://localhost.example.com/',
      'http://127.0.0.1.example.com/',
      'http://10.0.0.1:8080/',
    ],
    ...['http://localhost@example.com/', 'http://user:secret@localhost:8080/', 'http://[::ffff:10.0.0.1]/'],
    ...[
      'file:///etc/passwd',
      'javascript:alert(1)',
      'smb://localhost/share',
      'vscode://localhost',
      'towline://settings',
    ],
    ...['localhost:8080', '', '/etc/passwd', 'http://'],
  ];
  expect(allowed.filter((address) => !mayOpenOutside(address))).toEqual([]);
  expect(refused.filter(mayOpenOutside)).toEqual([]);
});
