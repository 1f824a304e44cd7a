import { join } from 'node:path';
import { FailureError } from '../shared/failure.ts';
import type { RunTool } from './run-tool.ts';
import type { ServiceCommand } from './service-command.ts';
import { ServiceFile } from './service-file.ts';
import type { ServiceManager, ServiceStatus } from './service-manager.ts';
import { madeByUs, serviceLabel, servicePlist } from './service-plist.ts';

export interface LaunchdOptions {
  readonly home: string;
  readonly uid: number;
  /** What the service prints goes there. */
  readonly logFile: string;
  readonly command: () => ServiceCommand;
  readonly run: RunTool;
}

/** The service as a LaunchAgent of macOS. */
export function launchdService({ home, uid, logFile, command, run }: LaunchdOptions): ServiceManager {
  const file = new ServiceFile(join(home, 'Library', 'LaunchAgents', `${serviceLabel}.plist`), madeByUs);
  const domain = `gui/${uid}`;
  const service = `${domain}/${serviceLabel}`;
  const launchctl = async (...args: string[]): Promise<void> => {
    const { code, stderr } = await run('launchctl', args);
    if (code === 0) return;
    throw new FailureError({
      code: 'service-refused',
      message: `launchd refused: ${stderr.trim().split('\n', 1)[0] || `exit code ${code}`}.`,
      hint: `See \`launchctl print ${service}\`.`,
    });
  };
  const isLoaded = async (): Promise<boolean> => (await run('launchctl', ['print', service])).code === 0;
  return {
    kind: 'launchd',
    logCommand: `tail ${logFile}`,
    async check() {
      const { code, stderr } = await run('launchctl', ['print', domain]);
      if (code === 0) return;
      throw new FailureError({
        code: 'service-manager-missing',
        message: `launchd has no session for you: ${stderr.trim().split('\n', 1)[0] || `exit code ${code}`}.`,
        hint: 'Log in on the screen of this Mac once: a LaunchAgent belongs to such a session.',
      });
    },
    async install() {
      const change = await file.write(servicePlist(command(), logFile));
      const loaded = await isLoaded();
      if (loaded && change === 'unchanged') return change;
      if (loaded) await launchctl('bootout', service);
      await launchctl('enable', service);
      await launchctl('bootstrap', domain, file.path);
      return change;
    },
    async uninstall() {
      if (!(await file.mayRemove())) return 'absent';
      if (await isLoaded()) await launchctl('bootout', service);
      await file.remove();
      return 'removed';
    },
    async status() {
      const installed = await file.look();
      const { code, stdout } = await run('launchctl', ['print', service]);
      const loaded = code === 0;
      return { manager: 'launchd', file: file.path, installed, enabled: loaded, ...stateOf(loaded ? stdout : '') };
    },
  };
}

/** Out of what `launchctl print` says: `state = running`, `pid = 812`, `last exit code = 4`. */
function stateOf(printed: string): Pick<ServiceStatus, 'state' | 'pid' | 'exitCode'> {
  const value = (name: string): string | undefined => new RegExp(`^\\s*${name} = (\\S+)`, 'm').exec(printed)?.[1];
  const pid = Number(value('pid') ?? 0);
  const exitCode = Number(value('last exit code') ?? 0);
  if (value('state') === 'running') return { state: 'running', ...(pid > 0 ? { pid } : {}) };
  return exitCode > 0 ? { state: 'failed', exitCode } : { state: 'stopped' };
}
