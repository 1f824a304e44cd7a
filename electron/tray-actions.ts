import type { EngineCommands } from '../engine/commands.ts';
import type { Logger } from '../engine/base/logger.ts';
import { runRequestSchema } from '../shared/deployment.ts';
import { toFailure, type Failure } from '../shared/failure.ts';
import { mayOpenOutside } from './external-link.ts';
import type { TrayAction } from './tray-menu-item.ts';

export interface TrayActionsOptions {
  readonly commands: EngineCommands;
  readonly openExternal: (url: string) => Promise<void>;
  readonly copy: (text: string) => void | Promise<void>;
  readonly show: (window: 'main' | 'logs', route?: string) => void;
  readonly quit: () => void;
  /** What was asked for did not work: there is no window to say it in. */
  readonly fail: (failure: Failure) => void;
  readonly log: Logger;
}

/** Carries out what a click in the tray asks for; never rejects. */
export async function carryOut(action: TrayAction, options: TrayActionsOptions): Promise<void> {
  try {
    await perform(action, options);
  } catch (error) {
    options.log.warn('tray action failed', { action: action.kind, error });
    options.fail(toFailure(error));
  }
}

async function perform(action: TrayAction, options: TrayActionsOptions): Promise<void> {
  const { commands } = options;
  switch (action.kind) {
    case 'open-url':
      if (mayOpenOutside(action.url)) await options.openExternal(action.url);
      return;
    case 'copy':
      await options.copy(action.text);
      return;
    case 'pause':
      return commands.forwards.pause({ hostId: action.hostId, forwardId: action.forwardId });
    case 'resume':
      return commands.forwards.resume({ hostId: action.hostId, forwardId: action.forwardId });
    case 'connect':
      return commands.connect(action.hostId);
    case 'disconnect':
      return commands.disconnect(action.hostId);
    case 'reconnect':
      await Promise.all(action.hostIds.map((hostId) => commands.reconnect(hostId)));
      return;
    case 'deploy':
      await commands.stacks.begin(runRequestSchema.parse({ action: 'deploy', stacks: action.stacks }));
      return;
    case 'cancel-deploy':
      return commands.stacks.cancel(action.run);
    case 'show':
      return options.show('main', action.route);
    case 'show-logs':
      return options.show('logs');
    case 'start-at-login':
      return commands.updateSettings({ desktop: { startAtLogin: action.on } });
    case 'quit':
      return options.quit();
  }
}
