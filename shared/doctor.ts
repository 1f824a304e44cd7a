import { z } from 'zod';

/** What the doctor looks at, in the order of the way a connection takes; this machine comes first. */
export const doctorStepIdSchema = z.enum([
  'ssh-client',
  'agent',
  'known-hosts',
  'runtime-dir',
  'ipv6-loopback',
  'privileged-ports',
  'resolve',
  'tcp',
  'banner',
  'key-exchange',
  'host-key',
  'auth',
  'exec',
  'sessions',
  'forward-tcp',
  'forward-unix',
  'docker',
  'compose',
  'keepalive',
]);
export type DoctorStepId = z.infer<typeof doctorStepIdSchema>;

/** What mends it: a sentence, the lines of a file where it takes some, then commands to be run as they stand. */
export const doctorFixSchema = z.object({
  on: z.enum(['here', 'host']),
  advice: z.string(),
  file: z.object({ path: z.string(), lines: z.array(z.string()) }).optional(),
  commands: z.array(z.string()),
});
export type DoctorFix = z.infer<typeof doctorFixSchema>;

/** `warn`: it works, but not all of it or not for long. `skipped`: could not be looked at, and `detail` says why. */
export const doctorStepSchema = z.object({
  id: doctorStepIdSchema,
  title: z.string(),
  state: z.enum(['ok', 'warn', 'failed', 'skipped']),
  detail: z.string(),
  fix: doctorFixSchema.optional(),
});
export type DoctorStep = z.infer<typeof doctorStepSchema>;
