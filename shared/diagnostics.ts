import { z } from 'zod';

/** Without `hostId` only this machine is examined; with it the host too, which costs one connection. */
export const diagnosticsRequestSchema = z.strictObject({
  hostId: z.string().optional(),
  /** Asked of an engine that was made for this alone, as none runs. */
  alone: z.boolean().optional(),
});
export type DiagnosticsRequest = z.infer<typeof diagnosticsRequestSchema>;

/** Everything that a person needs who is asked what is wrong, in one archive, without secrets. */
export const diagnosticsBundleSchema = z.object({
  /** What the archive may be called. */
  name: z.string(),
  /** A zip archive, Base64. */
  zip: z.string(),
  /** What is in it, in the order of the archive. */
  contents: z.array(z.object({ name: z.string(), about: z.string(), bytes: z.int() })),
});
export type DiagnosticsBundle = z.infer<typeof diagnosticsBundleSchema>;
