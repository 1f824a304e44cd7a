import { expect, test } from 'vitest';
import { EventRedactor } from '../../engine/redacted-events.ts';
import type { DeployProgress } from '../../shared/deploy.ts';

const progress = (step: DeployProgress, redactor = new EventRedactor()) =>
  redactor.clean({ kind: 'progress', stack: 'shop', progress: step });

test('what tools print and containers log arrives without passwords and tokens', () => {
  expect(progress({ kind: 'output', line: 'Step 3: ENV DB_PASSWORD=hunter2' })).toMatchObject({
    progress: { line: 'Step 3: ENV DB_PASSWORD=[redacted]' },
  });
  const report = { gate: 'health', ok: false, saw: 'web has ended', log: ['postgres://me:hunter2@db/shop'] };
  expect(progress({ kind: 'gate', report })).toMatchObject({
    progress: { report: { saw: 'web has ended', log: ['postgres://me:[redacted]@db/shop'] } },
  });
});

test('so does the failure that a run ended with', () => {
  const failure = { code: 'compose-failed', message: 'bad: token=abc123', hint: 'Look at token=abc123' };
  const event = new EventRedactor().clean({ kind: 'verified', stack: 'shop', ok: false, failure });
  expect(event).toEqual({
    kind: 'verified',
    stack: 'shop',
    ok: false,
    failure: { code: 'compose-failed', message: 'bad: token=[redacted]', hint: 'Look at token=[redacted]' },
  });
});

test('what no tool has written stays as it is', () => {
  const bytes = { kind: 'bytes', sent: 1, total: 2 } as const;
  expect(progress(bytes)).toEqual({ kind: 'progress', stack: 'shop', progress: bytes });
});

test('a key that is printed line by line is hidden to its end, in one output and not in another', () => {
  const redactor = new EventRedactor();
  const printed = [
    'key:',
    '-----BEGIN RSA PRIVATE KEY-----',
    'MIIEpAIBAAKCAQEA',
    'x+/=',
    '-----END RSA PRIVATE KEY-----',
    'ok',
  ];
  const shown = printed.map((line) => {
    redactor.clean({ kind: 'progress', stack: 'other', progress: { kind: 'output', line: 'plain' } });
    return progress({ kind: 'output', line }, redactor);
  });
  expect(shown).toMatchObject(
    ['key:', '[redacted]', '[redacted]', '[redacted]', '[redacted]', 'ok'].map((line) => ({ progress: { line } })),
  );
});
