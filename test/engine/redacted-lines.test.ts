import { expect, test } from 'vitest';
import { redactLines } from '../../engine/redacted-lines.ts';

test('a private key is hidden from its first line to its last, also behind the names of containers', () => {
  expect(
    redactLines([
      'web_1  | -----BEGIN OPENSSH PRIVATE KEY-----',
      'web_1  | b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ==',
      'web_1  | -----END OPENSSH PRIVATE KEY----- and more',
      'web_1  | listening',
    ]),
  ).toEqual(['web_1  | [redacted]', '[redacted]', '[redacted] and more', 'web_1  | listening']);
});

test('headers and empty lines of an encrypted key belong to it', () => {
  const key = [
    '-----BEGIN RSA PRIVATE KEY-----',
    'Proc-Type: 4,ENCRYPTED',
    'DEK-Info: AES-128-CBC,0A1B',
    '',
    'q1w2e3r4',
  ];
  expect(redactLines(key)).toEqual(key.map(() => '[redacted]'));
});

test('a key that is cut off does not swallow what comes after it', () => {
  expect(redactLines(['-----BEGIN PRIVATE KEY-----', 'MIIE', 'Step 2/3 : RUN make it', 'done'])).toEqual([
    '[redacted]',
    '[redacted]',
    'Step 2/3 : RUN make it',
    'done',
  ]);
});

test('a key on one line leaves the next line alone', () => {
  expect(redactLines(['-----BEGIN PRIVATE KEY-----MIIE-----END PRIVATE KEY-----', 'MIIE'])).toEqual([
    '[redacted]',
    'MIIE',
  ]);
});

test('certificates and public keys are shown', () => {
  expect(redactLines(['-----BEGIN CERTIFICATE-----', 'MIIE'])).toEqual(['-----BEGIN CERTIFICATE-----', 'MIIE']);
});
