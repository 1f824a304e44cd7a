import { z } from 'zod';

/** An argument as the kernel takes it: any text but NUL, at most 128 KiB. */
const wordSchema = z
  .string()
  .max(131_071)
  .refine((text) => !text.includes('\0'), 'holds a NUL, which no command can be given');

/** What is to be run. Nothing of it is ever read by a login shell: each argument arrives as it is written here. */
export const commandTaskSchema = z.discriminatedUnion('kind', [
  /** Commands one after the other, each as its name and arguments. */
  z.strictObject({ kind: z.literal('commands'), commands: z.array(z.array(wordSchema).min(1)).min(1).max(1_000) }),
  /** A script, run by what its `#!` line names, else by sh. */
  z.strictObject({ kind: z.literal('script'), text: wordSchema, args: z.array(wordSchema) }),
]);
export type CommandTask = z.infer<typeof commandTaskSchema>;

/** Commands to be run in one session channel of a host. */
export const commandRunRequestSchema = z.strictObject({
  hostId: z.string(),
  task: commandTaskSchema,
  /** Go on after a command that failed. */
  persist: z.boolean().default(false),
  /** Whether input will be sent; without it the commands read nothing. */
  stdin: z.boolean().default(false),
  /** Who goes first where sessions are short; deployments go before both. */
  priority: z.enum(['interactive', 'background']).default('interactive'),
  /** What all of it may take once it runs. */
  timeoutMs: z.int().min(1).optional(),
  /** How long to wait for a free session. */
  waitMs: z.int().min(1).default(300_000),
});
export type CommandRunRequest = z.infer<typeof commandRunRequestSchema>;

/**
 * What happens to a run. It begins with its name, by which it takes input and can be cancelled. Commands are counted from 0; `data`
 * is base64. After the last command the events end; a run that could not be brought to its end fails with the reason.
 */
export const commandRunEventSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('begun'), run: z.string() }),
  /** A session was granted; input is taken from now on. */
  z.object({ kind: z.literal('started'), waitedMs: z.number() }),
  z.object({
    kind: z.literal('output'),
    command: z.int(),
    stream: z.enum(['stdout', 'stderr']),
    data: z.string(),
  }),
  /** `code` is 128 + n after signal n, as shells have it. */
  z.object({ kind: z.literal('exited'), command: z.int(), code: z.int(), durationMs: z.number() }),
]);
export type CommandRunEvent = z.infer<typeof commandRunEventSchema>;

/** Input for a run, base64, at most so much at once; `end`: no more will come. */
export const commandInputSchema = z.strictObject({
  run: z.string(),
  data: z.base64().max(512 * 1024),
  end: z.boolean().default(false),
});

/** What a host's queue of commands and deployments has seen since the engine started. Buckets count what took at most `leMs`. */
export const commandFiguresSchema = z.object({
  waiting: z.int(),
  running: z.int(),
  completed: z.int(),
  /** Turned away: the queue was full, or their time to wait was over. */
  rejected: z.int(),
  durations: z.object({
    count: z.int(),
    sumMs: z.number(),
    buckets: z.array(z.object({ leMs: z.number(), count: z.int() })),
  }),
});
export type CommandFigures = z.infer<typeof commandFiguresSchema>;
