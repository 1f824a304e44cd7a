import { z } from 'zod';
import { FailureError } from './failure.ts';
import type { Rule } from './rule.ts';
import { settingsSchema, type Settings } from './settings.ts';

export const profileVersion = 1;

const { hosts, rules, stacks, ports, outage, notifications, log } = settingsSchema.shape;

/**
 * What one takes to another machine: hosts, rules, stacks and settings. No secret is among the settings; paths of keys stay as
 * they are written. What belongs to the machine (to start at login) stays out.
 */
export const profileSchema = z.strictObject({
  towline: z.literal('profile'),
  version: z.literal(profileVersion),
  hosts,
  rules,
  stacks,
  ports: ports.unwrap().optional(),
  outage: outage.unwrap().optional(),
  notifications: notifications.unwrap().optional(),
  log: log.unwrap().optional(),
});
export type Profile = z.infer<typeof profileSchema>;

/** What importing would do with one thing. Nothing is ever removed by it. */
export const profileChangeSchema = z.object({
  what: z.enum(['host', 'rule', 'stack', 'settings']),
  name: z.string(),
  change: z.enum(['added', 'changed', 'same']),
});
export type ProfileChange = z.infer<typeof profileChangeSchema>;

const groups = ['ports', 'outage', 'notifications', 'log'] as const;

/** The settings as a document for people and for `parseProfile`. */
export function profileText(settings: Settings): string {
  return `${JSON.stringify(profileOf(settings), null, 2)}\n`;
}

/** Rejects with `profile-unreadable` and what is wrong where. */
export function parseProfile(text: string): Profile {
  const raw = jsonOf(text);
  const version = typeof raw === 'object' && raw !== null && 'version' in raw ? raw.version : undefined;
  if (typeof version === 'number' && version > profileVersion)
    throw unreadable(`it was written by a newer Towline, as version ${version}`);
  const parsed = profileSchema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const [first, ...more] = parsed.error.issues;
  const place = first?.path.map(String).join('.');
  const others = more.length === 0 ? '' : `, and ${more.length} more`;
  throw unreadable(`${place === undefined || place === '' ? 'the file' : place}: ${first?.message}${others}`);
}

/**
 * The settings with the profile brought in, and what that changes: hosts and stacks replace those of their name, rules come after
 * those there are, groups of settings replace theirs. Rejects with `profile-incomplete` where a stack's host is missing.
 */
export function withProfile(
  settings: Settings,
  profile: Profile,
): { readonly settings: Settings; readonly changes: readonly ProfileChange[] } {
  const ours = profileOf(settings);
  const hostIds = new Set([...settings.hosts, ...profile.hosts].map(({ id }) => id));
  const homeless = profile.stacks.find(({ host }) => !hostIds.has(host));
  if (homeless !== undefined)
    throw new FailureError({
      code: 'profile-incomplete',
      message: `The stack ${homeless.name} runs on ${homeless.host}, which is neither in the file nor here.`,
      hint: `Add the host first: \`towline hosts add ssh://user@host --id ${homeless.host}\``,
    });
  const known = new Set(ours.rules.map(text));
  const newRules = profile.rules.filter((rule) => !known.has(text(rule)));
  const wanted = groups.filter((group) => profile[group] !== undefined);
  const changes: ProfileChange[] = [
    ...profile.hosts.map((host) =>
      change(
        'host',
        host.id,
        ours.hosts.find(({ id }) => id === host.id),
        host,
      ),
    ),
    ...profile.rules.map((rule) => change('rule', ruleName(rule), known.has(text(rule)) ? rule : undefined, rule)),
    ...profile.stacks.map((stack) =>
      change(
        'stack',
        stack.name,
        ours.stacks.find(({ name }) => name === stack.name),
        stack,
      ),
    ),
    ...wanted.map((group) => change('settings', group, ours[group], profile[group])),
  ];
  const isNew =
    <T>(what: ProfileChange['what'], key: (one: T) => string) =>
    (one: T): boolean =>
      changes.some((found) => found.what === what && found.name === key(one) && found.change !== 'same');
  return {
    changes,
    settings: {
      ...settings,
      hosts: merged(settings.hosts, profile.hosts.filter(isNew('host', ({ id }) => id)), ({ id }) => id),
      rules: [...settings.rules, ...newRules],
      stacks: merged(settings.stacks, profile.stacks.filter(isNew('stack', ({ name }) => name)), ({ name }) => name),
      ...Object.fromEntries(wanted.map((group) => [group, profile[group]])),
    },
  };
}

/** In the schema's own order of keys, so that equal things are equal texts. */
function profileOf({ hosts, rules, stacks, ports, outage, notifications, log }: Settings): Profile {
  const clean = stacks.map((stack) => ({
    ...stack,
    checks: stack.checks.map((check) =>
      check.kind === 'http' ? { ...check, url: withoutPassword(check.url) } : check,
    ),
  }));
  const profile = { towline: 'profile', version: profileVersion, hosts, rules, stacks: clean };
  return profileSchema.parse({ ...profile, ports, outage, notifications, log });
}

function withoutPassword(url: string): string {
  return url.replace(/^(https?:\/\/)[^/?#]*@/, '$1');
}

function change(what: ProfileChange['what'], name: string, before: unknown, after: unknown): ProfileChange {
  const kind = before === undefined ? 'added' : text(before) === text(after) ? 'same' : 'changed';
  return { what, name, change: kind };
}

function merged<T>(ours: readonly T[], theirs: readonly T[], key: (one: T) => string): T[] {
  const replaced = new Map(theirs.map((one) => [key(one), one]));
  const kept = ours.map((one) => replaced.get(key(one)) ?? one);
  const names = new Set(ours.map(key));
  return [...kept, ...theirs.filter((one) => !names.has(key(one)))];
}

function ruleName({ host, match }: Rule): string {
  const parts = Object.entries({ ...(host === undefined ? {} : { host }), ...match });
  return parts.length === 0 ? 'every port' : parts.map(([key, value]) => `${key} ${String(value)}`).join(', ');
}

function text(value: unknown): string {
  return JSON.stringify(value);
}

function jsonOf(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    throw unreadable('it is no JSON');
  }
}

function unreadable(why: string): FailureError {
  return new FailureError({
    code: 'profile-unreadable',
    message: `This is no profile that Towline can read: ${why}.`,
    hint: 'Export one from the settings of another Towline. Nothing was changed.',
  });
}
