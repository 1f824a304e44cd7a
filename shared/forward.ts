import { z } from 'zod';
import { failureSchema } from './failure.ts';
import { transportProtocolSchema } from './container.ts';

/**
 * The state of one forward.
 * - `listening`: accepts, and what it accepts is carried
 * - `lingering`: its container stopped a moment ago; new clients wait for it to come back, for 3 s
 * - `holding`: the connection is down; accepts, and new clients wait
 * - `suspended`: the connection has been down for too long; closed until it is back
 * - `paused`: closed on the user's word
 * - `conflict`: the local port belongs to another program and the rule forbids another port; retried
 * - `refused`: the system does not let us listen there (privileged port, address not ours)
 * - `unsupported`: SSH cannot carry it (UDP, SCTP)
 * - `ignored`: a rule or a label says no
 */
export const forwardStateSchema = z.enum([
  'opening',
  'listening',
  'lingering',
  'holding',
  'suspended',
  'paused',
  'conflict',
  'refused',
  'unsupported',
  'ignored',
]);
export type ForwardStateName = z.infer<typeof forwardStateSchema>;

/** Where a forward leads, as seen from the remote host. */
export const forwardTargetSchema = z.union([
  z.object({ kind: z.literal('tcp'), address: z.string(), port: z.int().min(1).max(65535) }),
  z.object({ kind: z.literal('unix'), path: z.string().startsWith('/') }),
]);
export type ForwardTarget = z.infer<typeof forwardTargetSchema>;

/** One forward as every door shows it. Byte counts are since the forward exists; `up` is towards the remote. */
export const forwardViewSchema = z.object({
  id: z.string(),
  source: z.enum(['container', 'manual']),
  container: z.string().optional(),
  containerId: z.string().optional(),
  image: z.string().optional(),
  /** Compose project, where there is one. */
  project: z.string().optional(),
  service: z.string().optional(),
  protocol: transportProtocolSchema,
  /** `address` is the first of `addresses`: what a user types. */
  local: z.object({ address: z.string(), port: z.int(), addresses: z.array(z.string()) }),
  /** The local port that was wanted; differs from `local.port` when remapped. */
  requestedPort: z.int(),
  remote: z.object({ address: z.string(), port: z.int() }),
  state: forwardStateSchema,
  reason: failureSchema.optional(),
  active: z.int(),
  total: z.int(),
  bytesUp: z.number(),
  bytesDown: z.number(),
  /** From the container's `start` event arriving to the listener accepting, ms. */
  openedMs: z.number().optional(),
  /** The newest clients, in a row, that the target would not have, and why the last one: refused, or hung up on without a word. */
  unreached: z.object({ clients: z.int(), reason: failureSchema }).optional(),
});
export type ForwardView = z.infer<typeof forwardViewSchema>;

/** A forward that the user made by hand; lives in the same table as the containers' own. */
export const manualForwardSchema = z.object({
  id: z.string().min(1),
  target: forwardTargetSchema,
  localPort: z.int().min(1).max(65535),
  bind: z.string().optional(),
  label: z.string().optional(),
});
export type ManualForward = z.infer<typeof manualForwardSchema>;

export function describeTarget(target: ForwardTarget): string {
  if (target.kind === 'unix') return target.path;
  return target.address.includes(':') ? `[${target.address}]:${target.port}` : `${target.address}:${target.port}`;
}
