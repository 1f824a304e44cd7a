import { z } from 'zod';
import { deployResultSchema, deployStageSchema } from './deploy.ts';
import { failureSchema } from './failure.ts';

/** What is being done with a stack. */
export const stackActionSchema = z.enum(['deploy', 'rollback', 'verify']);
export type StackAction = z.infer<typeof stackActionSchema>;

/**
 * What is known of a stack, since this engine started: moments in Unix ms, `run` is the name by which it can be cancelled,
 * `release` the id of the release that runs.
 */
export const stackStatusSchema = z.discriminatedUnion('kind', [
  /** Nothing has been done with it yet; it may well run. */
  z.object({ kind: z.literal('idle') }),
  /** Its turn comes after other stacks. */
  z.object({ kind: z.literal('queued'), run: z.string(), action: stackActionSchema, since: z.number() }),
  /** `percent` (0 to 100) while something is uploaded. */
  z.object({
    kind: z.literal('running'),
    run: z.string(),
    action: stackActionSchema,
    stage: deployStageSchema,
    percent: z.int().min(0).max(100).optional(),
    since: z.number(),
  }),
  /** It runs and has proved itself. After `verify` the release need not be known. */
  z.object({ kind: z.literal('deployed'), at: z.number(), release: z.string().optional() }),
  /** The new release failed; the one before it runs. */
  z.object({ kind: z.literal('rolled-back'), at: z.number(), failure: failureSchema }),
  /** It did not get as far as changing anything; what ran before still does. */
  z.object({ kind: z.literal('refused'), at: z.number(), failure: failureSchema }),
  /** No release of it is known to work. */
  z.object({ kind: z.literal('failed'), at: z.number(), failure: failureSchema }),
  z.object({ kind: z.literal('cancelled'), at: z.number() }),
  /** The connection was lost: the host finishes or undoes by itself. */
  z.object({ kind: z.literal('interrupted'), at: z.number(), failure: failureSchema }),
]);
export type StackStatus = z.infer<typeof stackStatusSchema>;

/** How the last deployment or rollback ended, and when. */
export const lastDeploymentSchema = deployResultSchema.omit({ stack: true }).extend({
  action: stackActionSchema.exclude(['verify']),
  at: z.number(),
});
export type LastDeployment = z.infer<typeof lastDeploymentSchema>;

/** A stack as every door shows it. `dir` is on this machine, `project` the name that its containers carry. */
export const stackViewSchema = z.object({
  name: z.string(),
  hostId: z.string(),
  dir: z.string(),
  project: z.string(),
  status: stackStatusSchema,
  lastDeployment: lastDeploymentSchema.optional(),
});
export type StackView = z.infer<typeof stackViewSchema>;
