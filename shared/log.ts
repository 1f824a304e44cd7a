import { z } from 'zod';
import { failureSchema } from './failure.ts';

/** How many lines one page of history has at most. */
export const maxPageLines = 10_000;

/** RFC 3339 in UTC with nine digits of a second, as `2026-11-21T00:01:21.123456789Z`: all of one length, so they sort as text. */
const nanoTimeSchema = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/);
/** RFC 3339 with any offset and up to nine digits of a second. */
const timeSchema = z.iso.datetime({ offset: true });

/** One line of a container's log. */
export const logLineSchema = z.object({
  /** When Docker took it, by the host's clock. */
  at: nanoTimeSchema,
  stream: z.enum(['stdout', 'stderr']),
  /** The container's name. */
  container: z.string(),
  /** Its service, where Compose made it. */
  service: z.string().optional(),
  /**
   * Without its line end. Bytes that are no UTF-8 and control characters are told as `\x00`; tabs are left, and ESC is too,
   * for colours: whoever shows it takes care of the other escape sequences.
   */
  text: z.string(),
  /** Only the beginning: the line was longer than 1 MiB. */
  truncated: z.literal(true).optional(),
});
export type LogLine = z.infer<typeof logLineSchema>;

/** A container whose lines are told. */
export const logSourceSchema = z.object({
  container: z.string(),
  containerId: z.string(),
  service: z.string().optional(),
  /** 0, 1, 2 …: the same for all containers of a service, another for each service (or container, without Compose). */
  colour: z.int(),
  /** It has a terminal: all it writes is `stdout`. */
  tty: z.boolean(),
  running: z.boolean(),
});
export type LogSource = z.infer<typeof logSourceSchema>;

/** Whose log: a container by its name or the start of its id, or else all containers of the compose project of that name. */
export const logSubjectSchema = z.object({
  name: z.string().min(1).max(300),
  /** Without it: the one host that has it. */
  hostId: z.string().optional(),
  kind: z.enum(['container', 'project']).optional(),
});
export type LogSubject = z.infer<typeof logSubjectSchema>;

/** Asks for the last `tail` lines of those that `since`, `until` (both inclusive) and `before` (exclusive) leave. */
export const logReadRequestSchema = logSubjectSchema.extend({
  tail: z.int().min(1).max(maxPageLines).default(500),
  since: timeSchema.optional(),
  until: timeSchema.optional(),
  /** `at` of the first line of the page after this one: for paging backwards without loss or doubles. */
  before: nanoTimeSchema.optional(),
});
export type LogReadRequest = z.infer<typeof logReadRequestSchema>;

/** Lines in the order of time; of one container in the order in which Docker has them. */
export const logPageSchema = z.object({
  sources: z.array(logSourceSchema),
  lines: z.array(logLineSchema),
  /** There are older lines, within `since`. */
  more: z.boolean(),
});
export type LogPage = z.infer<typeof logPageSchema>;

export const logFollowRequestSchema = logSubjectSchema.extend({
  /** How many of the lines that are there are told first; without it all. Of a project: of all its containers together. */
  tail: z.int().min(0).optional(),
  since: timeSchema.optional(),
  until: timeSchema.optional(),
  /** Ends when what is there has been told, instead of following. So does `until`. */
  once: z.boolean().default(false),
  /** For a reader that is too slow: drop the oldest lines and say so, or let the container's log wait. */
  whenSlow: z.enum(['drop', 'wait']).default('drop'),
});
export type LogFollowRequest = z.infer<typeof logFollowRequestSchema>;

/** Asks for Towline's own log: its last `tail` lines, then what is written. */
export const ownLogRequestSchema = z.object({ tail: z.int().min(0).max(5_000).default(1_000) });
export type OwnLogRequest = z.infer<typeof ownLogRequestSchema>;

/** What following a log tells, in batches, so that a flood of lines is no flood of messages. */
export const logEventSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('lines'), lines: z.array(logLineSchema) }),
  /** The reader was too slow: so many lines, older than those that follow, were dropped. */
  z.object({ kind: z.literal('gap'), lines: z.int() }),
  /** The container is listened to: for the first time, or again after a restart or an outage, with nothing lost between. */
  z.object({ kind: z.literal('attached'), source: logSourceSchema }),
  /** The container is not listened to for now. After all but `unreadable` it is attached again when it can be. */
  z.object({
    kind: z.literal('ended'),
    container: z.string(),
    reason: z.enum(['stopped', 'removed', 'disconnected', 'unreadable']),
    failure: failureSchema.optional(),
  }),
]);
export type LogEvent = z.infer<typeof logEventSchema>;
