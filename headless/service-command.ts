import { realpathSync } from 'node:fs';
import { FailureError } from '../shared/failure.ts';

/** What the service runs. */
export interface ServiceCommand {
  /** The program by its absolute path, then its arguments. */
  readonly program: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

export interface ServiceCommandOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The port of the page; `true`: any free one. Without it there is no page. */
  readonly ui: string | true | undefined;
  /** How this very command was started: by Node, with its flags and our script. */
  readonly process: Pick<NodeJS.Process, 'execPath' | 'execArgv' | 'argv'>;
}

/** Variables that say where our files are: the service has to look in the same places. */
const carried = ['TOWLINE_HOME', 'XDG_CONFIG_HOME', 'XDG_STATE_HOME'];

/** `towline up` as this very installation would run it. Throws `usage` and `service-program-temporary`. */
export function serviceCommand({
  env,
  ui,
  process: { execPath, execArgv, argv },
}: ServiceCommandOptions): ServiceCommand {
  const script = realpathSync(argv[1] ?? '');
  if (/[/\\]_npx[/\\]/.test(script)) {
    throw new FailureError({
      code: 'service-program-temporary',
      message: `This towline lies in a cache that is emptied now and then: ${script}.`,
      hint: 'Install it to stay: `npm install --global towline`, then `towline service install`.',
    });
  }
  if (typeof ui === 'string' && !(/^\d{1,5}$/.test(ui) && Number(ui) <= 65_535)) {
    throw new FailureError({
      code: 'usage',
      message: `${ui} is not a port.`,
      hint: 'A port is a number from 1 to 65535.',
    });
  }
  const page = ui === undefined ? ['--no-ui'] : ui === true ? ['--ui'] : ['--ui', ui];
  return {
    program: [execPath, ...execArgv, script, 'up', ...page],
    environment: Object.fromEntries(
      carried.flatMap((name) => {
        const value = env[name];
        return value === undefined || value === '' ? [] : [[name, value]];
      }),
    ),
  };
}
