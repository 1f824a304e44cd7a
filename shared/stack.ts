import { z } from 'zod';

const portSchema = z.int().min(1).max(65535);

/** How an endpoint check reaches its target: over the host's connection, or from this machine. */
const viaSchema = z.enum(['host', 'direct']).default('host');

/** What must answer before a deployment counts as working. It is asked again until it holds or the gates' time is over. */
export const endpointCheckSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('tcp'), host: z.string().default('127.0.0.1'), port: portSchema, via: viaSchema }),
  z.strictObject({
    kind: z.literal('http'),
    url: z.url({ protocol: /^https?$/ }),
    /** The status that is expected. */
    status: z.int().min(100).max(599).default(200),
    /** A regular expression that the body must match somewhere. */
    body: z.string().refine(isPattern, 'is not a regular expression').optional(),
    /** Accept a certificate that nobody vouches for: of `https` only. */
    insecure: z.boolean().default(false),
    via: viaSchema,
  }),
  z.strictObject({
    kind: z.literal('tls'),
    host: z.string(),
    port: portSchema.default(443),
    /** The certificate must be valid for so many more days. */
    minDays: z.int().min(0).default(14),
    via: viaSchema,
  }),
]);
export type EndpointCheck = z.infer<typeof endpointCheckSchema>;

/** A compose project on this machine and the place where it runs. Durations in ms. */
export const stackSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,62}$/),
  /** The id of a host's profile. */
  host: z.string().min(1),
  /** The project's directory on this machine. */
  dir: z.string().min(1),
  /** Compose files in it; empty: the first that is there of Compose's own names. */
  files: z.array(z.string().min(1)).default([]),
  /** Absolute, or below the remote home as `~/…`; by default `~/towline/NAME`. */
  remoteDir: z.string().min(1).optional(),
  /** Compose's project name; by default NAME without its dots. */
  project: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,62}$/)
    .optional(),
  /** Stacks that must be deployed before this one. */
  after: z.array(z.string()).default([]),
  /** How long what comes after it, or after it on its host, waits once it has been deployed. */
  pauseMs: z.int().min(0).max(3_600_000).default(0),
  checks: z.array(endpointCheckSchema).default([]),
  gates: z
    .strictObject({
      /** How long every container must be well without a break. */
      stableMs: z.int().min(0).max(600_000).default(5_000),
      timeoutMs: z.int().min(1_000).max(3_600_000).default(120_000),
    })
    .prefault({}),
  /** How many releases can be gone back to. */
  keep: z.int().min(1).max(50).default(5),
});
export type Stack = z.infer<typeof stackSchema>;

/** Where the stack lives on its host. */
export function remoteDirOf(stack: Stack): string {
  return stack.remoteDir ?? `~/towline/${stack.name}`;
}

export function projectOf(stack: Stack): string {
  return stack.project ?? stack.name.replaceAll('.', '');
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}
