import { join } from 'node:path';
import { FailureError } from '../shared/failure.ts';
import type { RunTool } from './run-tool.ts';
import type { ServiceCommand } from './service-command.ts';
import { ServiceFile } from './service-file.ts';
import type { ServiceManager, ServiceStatus } from './service-manager.ts';
import { madeByUs, serviceUnit } from './service-unit.ts';

const unit = 'towline.service';

export interface SystemdOptions {
  /** systemd's folder for the user's own units: `userUnitDir`. */
  readonly folder: string;
  /** What is to run; asked for when it is installed. */
  readonly command: () => ServiceCommand;
  readonly run: RunTool;
  readonly user: string;
}

export function userUnitDir(env: Readonly<Record<string, string | undefined>>, home: string): string {
  const given = env['XDG_CONFIG_HOME'];
  return join(given?.startsWith('/') === true ? given : join(home, '.config'), 'systemd', 'user');
}

/** The service as a unit of systemd's user manager. */
export function systemdService({ folder, command, run, user }: SystemdOptions): ServiceManager {
  const file = new ServiceFile(join(folder, unit), madeByUs);
  const systemctl = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await run('systemctl', ['--user', ...args]);
    if (code === 0) return stdout;
    throw new FailureError({
      code: 'service-refused',
      message: `systemd refused: ${firstLine(stderr) || `exit code ${code}`}.`,
      hint: `See \`systemctl --user status ${unit}\`.`,
    });
  };
  return {
    kind: 'systemd',
    logCommand: `journalctl --user --unit ${unit}`,
    async check() {
      const { code, stderr } = await run('systemctl', ['--user', 'show-environment']);
      if (code === 0) return;
      throw new FailureError({
        code: 'service-manager-missing',
        message: `systemd's user manager can't be reached: ${firstLine(stderr) || `exit code ${code}`}.`,
        hint:
          code === 127
            ? 'This machine has no systemd. Run `towline up` under whatever keeps its services.'
            : `Log in as ${user} itself, not through su or sudo; or have its manager run always: \`loginctl enable-linger ${user}\`.`,
      });
    },
    async install() {
      const change = await file.write(serviceUnit(command()));
      await systemctl('daemon-reload');
      await run('systemctl', ['--user', 'reset-failed', unit]); // it may have given up; fails where it has not
      if (change === 'updated') await systemctl('try-restart', unit);
      await systemctl('enable', '--now', unit);
      return change;
    },
    async uninstall() {
      if (!(await file.mayRemove())) return 'absent';
      await systemctl('disable', '--now', unit);
      await file.remove();
      await systemctl('daemon-reload');
      return 'removed';
    },
    async status() {
      const installed = await file.look();
      const shown = await systemctl(
        'show',
        unit,
        '--property=ActiveState,SubState,UnitFileState,MainPID,ExecMainCode,ExecMainStatus',
      );
      const { code, stdout } = await run('loginctl', ['show-user', user, '--property=Linger', '--value']);
      const lingers = code === 0 ? { lingers: stdout.trim() === 'yes' } : {};
      const seesAgent = /^SSH_AUTH_SOCK=./m.test(await systemctl('show-environment'));
      return { manager: 'systemd', file: file.path, installed, ...stateOf(shown), ...lingers, seesAgent };
    },
  };
}

function stateOf(shown: string): Pick<ServiceStatus, 'enabled' | 'state' | 'pid' | 'exitCode' | 'signal'> {
  const values = new Map(shown.split('\n').map((line) => [line.split('=', 1)[0], line.slice(line.indexOf('=') + 1)]));
  const pid = Number(values.get('MainPID') ?? 0);
  const end = Number(values.get('ExecMainStatus') ?? 0);
  const exited = values.get('ExecMainCode') === '1'; // CLD_EXITED; otherwise `end` is the number of a signal
  const state = stateWord(values.get('ActiveState'), values.get('SubState'));
  return {
    enabled: values.get('UnitFileState') === 'enabled',
    state,
    ...(pid > 0 ? { pid } : {}),
    ...(end === 0 || state === 'running' ? {} : exited ? { exitCode: end } : { signal: end }),
  };
}

function stateWord(active: string | undefined, sub: string | undefined): ServiceStatus['state'] {
  if (active === 'active') return 'running';
  if (active === 'activating' || sub === 'auto-restart') return 'starting';
  return active === 'failed' ? 'failed' : 'stopped';
}

function firstLine(text: string): string {
  return text.trim().split('\n', 1)[0]?.replace(/\.$/, '') ?? '';
}
