import { expect, test } from 'vitest';
import { redactDryRun } from '../../engine/redacted-dry-run.ts';
import type { DryRun } from '../../shared/deployment.ts';

const dry: DryRun = {
  ...{ changes: [], uploadBytes: 0, warnings: [] },
  config: [
    { path: 'services.web.command.1', after: '--password=abc' },
    { path: 'services.web.environment.DB_PASSWORD', before: 'old', after: 'n3w' },
    { path: 'services.web.environment.URL', after: 'https://api/?k=s3cr3t-key' },
    { path: 'services.web.image', before: 'web:1', after: 'web:2' },
  ],
  compose: ['Container web  Recreate s3cr3t-key'],
};

test('secrets are masked by name, by look, and wherever a secret variable is filled in; that they changed is told', () => {
  const env = new Map([
    ['API_KEY', 's3cr3t-key'],
    ['PIN_TOKEN', 'web'],
    ['MODE', 'image'],
  ]);
  expect(redactDryRun(dry, env)).toEqual({
    ...dry,
    config: [
      { path: 'services.web.command.1', after: '--password=[redacted]' },
      { path: 'services.web.environment.DB_PASSWORD', before: '[redacted]', after: '[redacted]' },
      { path: 'services.web.environment.URL', after: 'https://api/?k=[redacted]' },
      { path: 'services.web.image', before: 'web:1', after: 'web:2' },
    ],
    compose: ['Container web  Recreate [redacted]'],
  });
});

test('where Compose has told nothing there is nothing', () => {
  const { compose: _, ...silent } = dry;
  expect(redactDryRun(silent, new Map())).not.toHaveProperty('compose');
});
