import { z } from 'zod';

/**
 * What Towline warns of.
 * - `event-stream-failing`: Docker's event stream of a host fails again and again
 * - `connections-churning`, `sessions-churning`: more SSH connections or sessions were opened within an hour than is sane
 * - `log-growing`: Towline's own log takes too much space a day
 * - `forward-unreachable`: a local port accepts, but nothing answers at the other end
 * - `certificate-expiring`: of an endpoint that a stack declares
 */
export const alertCodeSchema = z.enum([
  'event-stream-failing',
  'connections-churning',
  'sessions-churning',
  'log-growing',
  'forward-unreachable',
  'certificate-expiring',
]);
export type AlertCode = z.infer<typeof alertCodeSchema>;

/** A warning for as long as it holds; it clears by itself. Moments in Unix ms. */
export const alertSchema = z.object({
  /** The same for the same trouble, now and later. */
  id: z.string(),
  code: alertCodeSchema,
  hostId: z.string().optional(),
  /** What is the matter. */
  message: z.string(),
  /** What it means and what to do. */
  hint: z.string(),
  since: z.number(),
  /** When people were last told: whoever notifies does so when this changes, which is hourly at most. */
  announcedAt: z.number(),
});
export type Alert = z.infer<typeof alertSchema>;

/** Above which figures a warning is due. */
export const alertThresholdsSchema = z.strictObject({
  streamFailures: z.int().min(1).default(5),
  connectionsPerHour: z.int().min(1).default(20),
  sessionsPerHour: z.int().min(1).default(20),
  logBytesPerDay: z.int().min(1_000_000).default(100_000_000),
  /** Clients in a row for whom a forward's target could not be reached. */
  unreachedClients: z.int().min(1).default(3),
  certificateDays: z.int().min(1).default(14),
});
export type AlertThresholds = z.infer<typeof alertThresholdsSchema>;
