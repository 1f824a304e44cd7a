import { z } from 'zod';
import { alertSchema } from './alert.ts';
import { failureSchema } from './failure.ts';
import { hostViewSchema } from './host.ts';
import { promptRequestSchema } from './prompt.ts';
import { settingsViewSchema } from './settings-view.ts';
import { stackViewSchema } from './stack-view.ts';

/** The engine's whole public state: one immutable tree, replaced as it changes, shown by every door. */
export const appStateSchema = z.object({
  version: z.string(),
  pid: z.int(),
  mode: z.enum(['headless', 'desktop']),
  startedAt: z.number(),
  /** Set when the settings file could not be read and defaults or the last good settings are in force. */
  settingsProblem: failureSchema.optional(),
  webDoor: z.string().optional(),
  settings: settingsViewSchema,
  /** Open questions of host tests, on behalf of hosts that need not be among `hosts`; answered as a host's own. */
  questions: z.array(z.object({ id: z.string(), request: promptRequestSchema })).optional(),
  hosts: z.record(z.string(), hostViewSchema),
  /** How late the process got round to things in its last minute, where that is measured: in the desktop app. */
  loopDelay: z.object({ p99Ms: z.number(), maxMs: z.number() }).optional(),
  /** What there is to warn of, by its id; absent while there is nothing. */
  alerts: z.record(z.string(), alertSchema).optional(),
  /** By name: those of the settings. */
  stacks: z.record(z.string(), stackViewSchema),
});
export type AppState = z.infer<typeof appStateSchema>;
