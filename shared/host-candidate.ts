import { z } from 'zod';
import { hostProfileSchema } from './host.ts';

/** A host that other programs know and Towline could take over. `name` is fit to be its id. */
export const hostCandidateSchema = z.object({
  name: hostProfileSchema.shape.id,
  target: z.string(),
  from: z.enum(['ssh-config', 'docker-context']),
  /** Where it stands: `FILE:LINE`, or the context's file. */
  file: z.string(),
  /** Where the docker context names another socket than the usual one. */
  dockerSocket: z.string().optional(),
});
export type HostCandidate = z.infer<typeof hostCandidateSchema>;
