import { z } from 'zod';
import { settingsSchema } from './settings.ts';

const { ports, outage, alerts, notifications, desktop, log, rules } = settingsSchema.shape;

/** What of the settings every door shows: all but the hosts, which have a part of the state to themselves. */
export const settingsViewSchema = z.object({
  ports: ports.unwrap(),
  outage: outage.unwrap(),
  alerts: alerts.unwrap(),
  notifications: notifications.unwrap(),
  desktop: desktop.unwrap(),
  log: log.unwrap(),
  rules: rules.unwrap(),
});
export type SettingsView = z.infer<typeof settingsViewSchema>;

/** A change to the settings, by groups: one that is given replaces the one in force. */
export const settingsChangeSchema = z.strictObject({
  ports: ports.unwrap().optional(),
  outage: outage.unwrap().optional(),
  alerts: alerts.unwrap().optional(),
  notifications: notifications.unwrap().optional(),
  desktop: desktop.unwrap().optional(),
  log: log.unwrap().optional(),
});
export type SettingsChange = z.infer<typeof settingsChangeSchema>;

/** What a set of rules would make of one port. `rule` is the index of the one that decides, absent for the defaults. */
export const rulePreviewSchema = z.object({
  hostId: z.string(),
  forwardId: z.string(),
  container: z.string(),
  rule: z.int().optional(),
  /** The local port it would ask for. */
  localPort: z.int(),
  becomes: z.enum(['open', 'paused', 'ignored', 'unsupported', 'refused']),
});
export type RulePreview = z.infer<typeof rulePreviewSchema>;
