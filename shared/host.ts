import { z } from 'zod';
import { failureSchema } from './failure.ts';
import { forwardViewSchema, manualForwardSchema } from './forward.ts';
import { promptRequestSchema } from './prompt.ts';
import { commandFiguresSchema } from './run.ts';

/** A host as the user saved it. `target` is `ssh://[user@]host[:port]` or an alias of the ssh config. */
export const hostProfileSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,62}$/),
  target: z.string().min(1),
  identityFile: z.string().optional(),
  sshConfigFile: z.string().optional(),
  knownHostsFile: z.string().optional(),
  acceptNewHostKey: z.boolean().optional(),
  /** Path of the Docker socket on the host, where it is not found by itself. */
  dockerSocket: z.string().startsWith('/').optional(),
  /** How many session channels we may have open at once; the server's MaxSessions or less. */
  sessionLimit: z.int().min(0).max(10).optional(),
  /** `openssh`: the connection is held by the system's own ssh, for what ssh2 can't do. */
  transport: z.enum(['ssh2', 'openssh']).optional(),
  forwards: z.array(manualForwardSchema).optional(),
});
export type HostProfile = z.infer<typeof hostProfileSchema>;

/** A name that the user's ssh_config gives to a host, with its address as written there: `deploy@10.0.0.14:2222 via bastion`. */
export const sshAliasSchema = z.object({ name: z.string(), where: z.string() });
export type SshAlias = z.infer<typeof sshAliasSchema>;

export const connectionStateNameSchema = z.enum([
  'idle',
  'connecting',
  'authenticating',
  'ready',
  'reconnecting',
  'needs-user',
  'failed',
]);
export type ConnectionStateName = z.infer<typeof connectionStateNameSchema>;

/** How the Engine API is reached: over a direct channel to the socket, or through `docker system dial-stdio`. */
export const dockerEndpointSchema = z.union([
  z.object({ kind: z.literal('streamlocal'), path: z.string() }),
  z.object({ kind: z.literal('dial-stdio'), why: z.string() }),
]);
export type DockerEndpointView = z.infer<typeof dockerEndpointSchema>;

export const eventStreamStateSchema = z.enum(['off', 'subscribing', 'live', 'polling', 'waiting']);

/** Places that are taken for a while: how many there are, taken and free, and since when each is taken (Unix ms, oldest first). */
const placesSchema = z.object({ total: z.int(), inUse: z.int(), available: z.int(), since: z.array(z.number()) });
export type Places = z.infer<typeof placesSchema>;

/** Everything a door may show of one host. Times are Unix ms, durations ms. */
export const hostViewSchema = z.object({
  id: z.string(),
  target: z.string(),
  state: connectionStateNameSchema,
  attempt: z.int().optional(),
  nextRetryAt: z.number().optional(),
  reason: failureSchema.optional(),
  prompt: z.object({ id: z.string(), request: promptRequestSchema }).optional(),
  connections: z.object({
    opened: z.int(),
    lastHour: z.int(),
    readySince: z.number().optional(),
    /** How often the server may still be called on; `open`: it has turned us away too often, nobody calls before `openUntil`. */
    attempts: z
      .object({
        state: z.enum(['closed', 'open', 'half-open']),
        openUntil: z.number().optional(),
        left: z.number(),
        waiting: z.int(),
      })
      .optional(),
  }),
  sessions: z.object({
    limit: z.int(),
    inUse: z.int(),
    waiting: z.int(),
    peak: z.int(),
    opened: z.int(),
    lastHour: z.int(),
    /** How often the server has refused one. */
    rejected: z.int().optional(),
  }),
  /** `opened`: over all connections; each of them is a use of one that was there. */
  channels: z.object({ open: z.int(), peak: z.int(), opened: z.int().optional() }),
  /** All that is held on the host, in one place: its one connection, and the session channels on it. */
  pool: z.object({ connections: placesSchema, sessions: placesSchema }),
  /** Commands and deployments: their queue in front of the sessions. */
  commands: commandFiguresSchema.optional(),
  docker: z.object({
    endpoint: dockerEndpointSchema.optional(),
    apiVersion: z.string().optional(),
    engineVersion: z.string().optional(),
    reason: failureSchema.optional(),
    /** The local socket that leads to this host's Docker. */
    localSocket: z.string().optional(),
  }),
  events: z.object({
    state: eventStreamStateSchema,
    attempt: z.int(),
    startupMs: z.number().optional(),
    timeToFirstEventMs: z.number().optional(),
    received: z.int(),
    consecutiveFailures: z.int(),
    totalMs: z.number().optional(),
    /** Since when it is live; then `totalMs` is not said. */
    liveSince: z.number().optional(),
    /** From the newest event's time, by the daemon's clock, to its arrival by ours: the clocks' difference is in it. */
    lagMs: z.number().optional(),
    /** The newest subscriptions that ended or failed, and why; oldest first. */
    ended: z
      .array(
        z
          .object({ at: z.number(), cause: failureSchema, totalMs: z.number().optional(), received: z.int() })
          .readonly(),
      )
      .readonly()
      .optional(),
    reason: failureSchema.optional(),
  }),
  /** What the server says of itself, and what was agreed with it. */
  server: z.object({
    ident: z.string().optional(),
    algorithms: z
      .object({
        kex: z.string(),
        hostKey: z.string(),
        cipher: z.string(),
        mac: z.string().optional(),
        unsupported: z.array(z.string()).optional(),
      })
      .optional(),
    rttMs: z.number().optional(),
    user: z.string().optional(),
  }),
  paused: z.boolean(),
  forwards: z.record(z.string(), forwardViewSchema),
});
export type HostView = z.infer<typeof hostViewSchema>;
