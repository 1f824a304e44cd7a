import type { HostProfile } from '../shared/host.ts';
import { cleanText, fitText, textWidth } from './clean-text.ts';
import { exitCode } from './exit.ts';
import { profileOf, type HostOptions } from './profiles.ts';
import { forgetHost, savedHosts, saveHosts } from './saved-hosts.ts';
import { printJson, type Shell } from './shell.ts';

/** `towline hosts add`: prints what the host is called. */
export async function addHost(shell: Shell, target: string, options: HostOptions & { id?: string }): Promise<number> {
  const profile = profileOf(target, options, options.id);
  await saveHosts(shell, [profile]);
  shell.stdout.write(`${profile.id}\n`);
  return exitCode.fine;
}

export async function removeHost(shell: Shell, hostId: string): Promise<number> {
  await forgetHost(shell, hostId);
  return exitCode.fine;
}

/** `towline hosts list`: name, target, and the transport where one was chosen; as JSON all that is saved. */
export async function listHosts(shell: Shell, options: { json?: boolean }): Promise<number> {
  const hosts = await savedHosts(shell);
  if (options.json) printJson(shell, hosts);
  else for (const line of hostLines(hosts)) shell.stdout.write(`${line}\n`);
  return exitCode.fine;
}

export function hostLines(hosts: readonly HostProfile[]): string[] {
  const rows = hosts.map(({ id, target, transport = '' }) => [cleanText(id), cleanText(target), transport] as const);
  const widest = (column: 0 | 1): number => Math.max(0, ...rows.map((row) => textWidth(row[column])));
  return rows.map(([id, target, transport]) =>
    [fitText(id, widest(0)), fitText(target, widest(1)), transport].join('  ').trimEnd(),
  );
}
