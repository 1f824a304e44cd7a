import { z } from 'zod';
import { alertThresholdsSchema } from './alert.ts';
import { hostProfileSchema } from './host.ts';
import { ruleSchema } from './rule.ts';
import { stackSchema } from './stack.ts';

export const settingsVersion = 1;

/**
 * The one settings file, the same for the tray app and the headless engine. Edited by people: unknown keys are
 * errors, so that a misspelt one is told rather than ignored. Durations in ms.
 */
export const settingsSchema = z.strictObject({
  version: z.literal(settingsVersion),
  hosts: z.array(hostProfileSchema).default([]),
  rules: z.array(ruleSchema).default([]),
  stacks: z.array(stackSchema).default([]),
  ports: z
    .strictObject({
      /** What happens when the wanted local port is taken and no rule speaks of it. */
      policy: z.enum(['remap', 'require']).default('remap'),
      /** Rules and labels may bind addresses that other machines can reach. */
      allowLan: z.boolean().default(false),
    })
    .prefault({}),
  outage: z
    .strictObject({
      /** How long a new client waits for the connection before it is reset. */
      holdMs: z.int().min(0).max(600_000).default(10_000),
      /** After how long without a connection the local ports close. */
      suspendAfterMs: z.int().min(0).max(3_600_000).default(30_000),
    })
    .prefault({}),
  /** Above which figures a warning is due. */
  alerts: alertThresholdsSchema.prefault({}),
  /** Of the tray app: what it tells in a notification. */
  notifications: z
    .strictObject({
      /** A port was remapped, or can't be had. */
      ports: z.boolean().default(true),
      /** A host waits for an answer. */
      needsYou: z.boolean().default(true),
      /** A connection has been lost for a while, and is back. */
      connection: z.boolean().default(true),
      /** A deployment has worked, or not. */
      deployments: z.boolean().default(true),
      /** Something is not right that nobody asked about: see `alert.ts`. */
      warnings: z.boolean().default(true),
    })
    .prefault({}),
  desktop: z
    .strictObject({
      /** The tray app starts, hidden, when its user logs in. */
      startAtLogin: z.boolean().default(false),
    })
    .prefault({}),
  log: z
    .strictObject({
      level: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
    })
    .prefault({}),
});
export type Settings = z.infer<typeof settingsSchema>;

export const defaultSettings: Settings = settingsSchema.parse({ version: settingsVersion });

export type ParsedSettings = { kind: 'ok'; settings: Settings } | { kind: 'invalid'; problems: string[] };

/** Settings out of whatever the file held, or what is wrong with it, each problem naming its place. */
export function parseSettings(raw: unknown): ParsedSettings {
  const result = settingsSchema.safeParse(migrate(raw));
  if (result.success) return { kind: 'ok', settings: result.data };
  return {
    kind: 'invalid',
    problems: result.error.issues.map((issue) => `${issue.path.map(String).join('.') || 'file'}: ${issue.message}`),
  };
}

/** Version 0 is a file without a version, as a person might write it. */
function migrate(raw: unknown): unknown {
  if (typeof raw === 'object' && raw !== null && !('version' in raw)) return { version: settingsVersion, ...raw };
  return raw;
}
