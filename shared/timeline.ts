import { z } from 'zod';
import { transportProtocolSchema } from './container.ts';
import { deployStageSchema } from './deploy.ts';
import { failureSchema } from './failure.ts';
import { forwardStateSchema } from './forward.ts';
import { connectionStateNameSchema } from './host.ts';
import { stackActionSchema } from './stack-view.ts';
import { timelineKinds } from './timeline-kinds.ts';

/** What every entry carries. `seq` grows by one with each entry of the engine, over all hosts. */
const common = {
  seq: z.int(),
  /** Unix ms. */
  at: z.number(),
  /** Absent where the engine itself is concerned. */
  hostId: z.string().optional(),
  /** How long what has just ended had lasted, ms: the state before, the question, the stage. */
  lastedMs: z.number().optional(),
};

/** Something that happened, as the timeline of a host tells it. */
export const timelineEntrySchema = z.discriminatedUnion('kind', [
  z.object({
    ...common,
    kind: z.literal('connection'),
    state: connectionStateNameSchema,
    attempt: z.int().optional(),
    reason: failureSchema.optional(),
  }),
  z.object({
    ...common,
    kind: z.literal('docker'),
    state: z.enum(['reachable', 'unreachable']),
    /** The socket's path, or the command that carries it. */
    endpoint: z.string().optional(),
    engineVersion: z.string().optional(),
    reason: failureSchema.optional(),
  }),
  /** Of the subscription to Docker's events: `startupMs` until it was there; `lastedMs` and `received` of one that ended. */
  z.object({
    ...common,
    kind: z.literal('events'),
    state: z.enum(['live', 'ended', 'polling']),
    attempt: z.int(),
    startupMs: z.number().optional(),
    received: z.int().optional(),
    reason: failureSchema.optional(),
  }),
  /** What Docker told of a container, in Docker's own word: `start`, `die`, `rename`. */
  z.object({
    ...common,
    kind: z.literal('container'),
    action: z.string(),
    container: z.string().optional(),
    containerId: z.string().optional(),
  }),
  /** `remapped`: it listens on another port than was wanted. `openedMs`: from the container's start to the listener. */
  z.object({
    ...common,
    kind: z.literal('forward'),
    state: z.union([forwardStateSchema, z.literal('remapped'), z.literal('closed')]),
    forwardId: z.string(),
    container: z.string().optional(),
    protocol: transportProtocolSchema,
    local: z.object({ address: z.string(), port: z.int() }),
    requestedPort: z.int(),
    openedMs: z.number().optional(),
    reason: failureSchema.optional(),
  }),
  /** `ended` tells how in `outcome`, and its `lastedMs` is that of the whole run; `stage` is the one that begins. */
  z.object({
    ...common,
    kind: z.literal('deployment'),
    state: z.enum(['queued', 'stage', 'ended']),
    stack: z.string(),
    action: stackActionSchema.optional(),
    stage: deployStageSchema.optional(),
    outcome: z.string().optional(),
    reason: failureSchema.optional(),
  }),
  z.object({
    ...common,
    kind: z.literal('prompt'),
    state: z.enum(['asked', 'closed']),
    /** What was asked for: `host-key`, `password` … */
    asks: z.string(),
  }),
  z.object({
    ...common,
    kind: z.literal('alert'),
    state: z.enum(['raised', 'cleared']),
    alert: z.string(),
    message: z.string(),
  }),
]);
export type TimelineEntry = z.infer<typeof timelineEntrySchema>;

/** Which entries: all, unless a host or kinds are named; of those the newest `tail`. */
export const timelineQuerySchema = z.strictObject({
  hostId: z.string().optional(),
  kinds: z.array(z.enum(timelineKinds)).min(1).optional(),
  tail: z.int().min(0).max(100_000).optional(),
});
export type TimelineQuery = z.infer<typeof timelineQuerySchema>;

/** What a watcher is sent, oldest first. `missed`: so many before these it was too slow to hear of. */
export const timelinePushSchema = z.object({ entries: z.array(timelineEntrySchema), missed: z.int() });
export type TimelinePush = z.infer<typeof timelinePushSchema>;
