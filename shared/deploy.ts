import { z } from 'zod';
import { failureSchema } from './failure.ts';

export const deployOptionsSchema = z.strictObject({
  /** Build images from scratch. */
  noCache: z.boolean().default(false),
  /** `missing`: only images that are not there; `always`: ask the registry for newer ones. */
  pull: z.enum(['missing', 'always']).default('missing'),
  /** How long the whole run may hold the lock, in ms; then the host undoes it by itself. */
  leaseMs: z.int().min(10_000).max(86_400_000).default(3_600_000),
});
export type DeployOptions = z.infer<typeof deployOptionsSchema>;

/** The steps of a deployment, in order; `restoring` is the way back. */
export const deployStageSchema = z.enum([
  'packing',
  'connecting',
  'inspecting',
  'uploading',
  'verifying',
  'applying',
  'checking',
  'building',
  'starting',
  'gating',
  'committing',
  'restoring',
]);
export type DeployStage = z.infer<typeof deployStageSchema>;

/** One file that differs from what is on the host. Sizes in bytes; `before` is missing for new files, `after` for deleted ones. */
export const fileChangeSchema = z.object({
  path: z.string(),
  kind: z.enum(['added', 'changed', 'deleted']),
  before: z.int().optional(),
  after: z.int().optional(),
});
export type FileChange = z.infer<typeof fileChangeSchema>;

/** What a gate saw. */
export const gateReportSchema = z.object({
  gate: z.string(),
  ok: z.boolean(),
  /** In the user's words: "200 OK", "web is restarting (3 times)". */
  saw: z.string(),
  /** The last log lines of the container that failed. */
  log: z.array(z.string()).optional(),
});
export type GateReport = z.infer<typeof gateReportSchema>;

/** What happens while a deployment runs. Times in ms since its start. */
export const deployProgressSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('stage'), stage: deployStageSchema, atMs: z.number() }),
  z.object({ kind: z.literal('changes'), changes: z.array(fileChangeSchema), uploadBytes: z.int() }),
  z.object({ kind: z.literal('bytes'), sent: z.int(), total: z.int() }),
  z.object({ kind: z.literal('output'), line: z.string() }),
  z.object({ kind: z.literal('gate'), report: gateReportSchema }),
  z.object({ kind: z.literal('warning'), code: z.string(), message: z.string() }),
]);
export type DeployProgress = z.infer<typeof deployProgressSchema>;

/**
 * How it ended. `interrupted`: the connection was lost, the host finishes or undoes by itself and the next connection
 * tells which. `release` says what runs now.
 */
export const deployResultSchema = z.object({
  id: z.string(),
  stack: z.string(),
  outcome: z.enum(['succeeded', 'refused', 'failed', 'cancelled', 'interrupted']),
  release: z.enum(['new', 'old', 'none', 'unknown']),
  stage: deployStageSchema,
  failure: failureSchema.optional(),
  gates: z.array(gateReportSchema),
  bytesSent: z.int(),
  durationMs: z.number(),
});
export type DeployResult = z.infer<typeof deployResultSchema>;

/** A release that the host still keeps. */
export const releaseRecordSchema = z.object({
  id: z.string(),
  /** Unix ms, by the host's clock. */
  at: z.number(),
  by: z.string(),
  current: z.boolean(),
});
export type ReleaseRecord = z.infer<typeof releaseRecordSchema>;

/** What the host remembers of a stack: its releases, newest first, how the last run ended, and who is at it now. */
export const deployHistorySchema = z.object({
  releases: z.array(releaseRecordSchema),
  last: z.object({ id: z.string(), outcome: z.string(), at: z.number() }).optional(),
  /** A run ended halfway, with its host or its program: the next deployment goes back to the release before it first. */
  unfinished: z.boolean(),
  lock: z.object({ by: z.string(), since: z.number(), expires: z.number() }).optional(),
});
export type DeployHistory = z.infer<typeof deployHistorySchema>;
