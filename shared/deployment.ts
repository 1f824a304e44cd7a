import { z } from 'zod';
import { deployOptionsSchema, deployProgressSchema, deployResultSchema, fileChangeSchema } from './deploy.ts';
import { failureSchema } from './failure.ts';

/** Stacks to be deployed: all there are, unless some are named. */
export const deployRequestSchema = z.strictObject({
  stacks: z.array(z.string()).min(1).optional(),
  options: deployOptionsSchema.prefault({}),
  /** `stop`: nothing new starts after a failure; `continue`: only what comes after the failed stack is left out. */
  onFailure: z.enum(['stop', 'continue']).default('stop'),
});
export type DeployRequest = z.infer<typeof deployRequestSchema>;

/** A stack to go back, to the release `to` or to the one before the current. */
export const rollbackRequestSchema = z.strictObject({
  stack: z.string(),
  to: z.string().optional(),
  options: deployOptionsSchema.prefault({}),
});
export type RollbackRequest = z.infer<typeof rollbackRequestSchema>;

/** A run that goes on by itself, whoever watches. */
export const runRequestSchema = z.discriminatedUnion('action', [
  deployRequestSchema.extend({ action: z.literal('deploy') }),
  rollbackRequestSchema.extend({ action: z.literal('rollback') }),
  z.strictObject({ action: z.literal('verify'), stacks: deployRequestSchema.shape.stacks }),
]);
export type RunRequest = z.infer<typeof runRequestSchema>;

/**
 * What happens to stacks while they are deployed, put back or verified. It begins with `begun`: the name of the run, by which it
 * can be cancelled, and the stacks in their order. Each of them ends with `result`, `verified` or `skipped`.
 */
export const deployEventSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('begun'), run: z.string(), stacks: z.array(z.string()) }),
  z.object({ kind: z.literal('progress'), stack: z.string(), progress: deployProgressSchema }),
  z.object({ kind: z.literal('result'), stack: z.string(), result: deployResultSchema }),
  z.object({ kind: z.literal('verified'), stack: z.string(), ok: z.boolean(), failure: failureSchema.optional() }),
  /** Left out because of another stack, which failed. */
  z.object({ kind: z.literal('skipped'), stack: z.string(), because: z.string() }),
]);
export type DeployEvent = z.infer<typeof deployEventSchema>;

/** One setting that differs in the configuration as Compose renders it: `services.web.image`. Secrets are masked. */
export const configChangeSchema = z.object({
  path: z.string(),
  before: z.string().optional(),
  after: z.string().optional(),
});
export type ConfigChange = z.infer<typeof configChangeSchema>;

/** What a deployment would do: to files, to the configuration, and to containers where Compose itself can tell. */
export const dryRunSchema = z.object({
  changes: z.array(fileChangeSchema),
  uploadBytes: z.int(),
  config: z.array(configChangeSchema),
  /** Compose's own words; missing where the host's Compose has no dry run. */
  compose: z.array(z.string()).optional(),
  warnings: z.array(z.string()),
});
export type DryRun = z.infer<typeof dryRunSchema>;
