import type { DryRun } from '../shared/deployment.ts';
import { isSecretName, redactText } from './redact.ts';
import { redactLines } from './redacted-lines.ts';

const hidden = '[redacted]';
/** Shorter values would be found everywhere. */
const minSecret = 4;

/**
 * A dry run without secrets: masked by the name of a setting, by the look of its value, and wherever one of the variables in `env`
 * with a telling name is filled in. That a secret changed is still told.
 */
export function redactDryRun(dry: DryRun, env: ReadonlyMap<string, string>): DryRun {
  const secrets = [...env].flatMap(([name, value]) => (isSecretName(name) && value.length >= minSecret ? [value] : []));
  const fill = (text: string): string => secrets.reduce((clean, secret) => clean.replaceAll(secret, hidden), text);
  const mask = (path: string, value: string): string =>
    isSecretName(path.split('.').at(-1) ?? '') ? hidden : redactText(fill(value));
  return {
    ...dry,
    config: dry.config.map(({ path, before, after }) => ({
      path,
      ...(before === undefined ? {} : { before: mask(path, before) }),
      ...(after === undefined ? {} : { after: mask(path, after) }),
    })),
    ...(dry.compose === undefined ? {} : { compose: redactLines(dry.compose.map(fill)) }),
  };
}
