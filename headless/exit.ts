import type { Failure } from '../shared/failure.ts';
import { cleanText } from './clean-text.ts';

/** What scripts rely on. */
export const exitCode = { fine: 0, failed: 1, usage: 2, notRunning: 3, needsUser: 4 } as const;

const usageCodes = new Set(['target-invalid', 'no-target', 'usage', 'invalid-input', 'no-demo-here']);

/** Failures that a person has to settle: who they are, and whom to trust. */
const userCodes = /^(auth|host-key|passphrase|password|key-(encrypted|passphrase))/;

export function exitCodeOf({ code }: Failure): number {
  if (code === 'not-running') return exitCode.notRunning;
  if (usageCodes.has(code)) return exitCode.usage;
  return userCodes.test(code) ? exitCode.needsUser : exitCode.failed;
}

/** The message, then the hint, each on its own line. */
export function failureText({ message, hint }: Failure): string {
  return [message, ...(hint === undefined ? [] : [hint])].map((line) => `${cleanText(line)}\n`).join('');
}
