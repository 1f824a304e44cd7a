import { systemClock } from '../engine/base/clock.ts';
import { DisposableStore, type Disposable } from '../engine/base/disposables.ts';
import type { Logger } from '../engine/base/logger.ts';
import type { EphemeralHost } from '../engine/engine.ts';
import { acquireInstanceLock } from '../engine/instance-lock.ts';
import { openLogFile } from '../engine/log-file.ts';
import { openControlSocket } from '../engine/serve/control-socket.ts';
import { scrapeToken } from '../engine/serve/scrape-token.ts';
import { openWebDoor } from '../engine/serve/web-door.ts';
import { SettingsFile } from '../engine/settings-file.ts';
import { StateFile } from '../engine/state-file.ts';
import type { AppState } from '../shared/app-state.ts';
import { FailureError } from '../shared/failure.ts';
import { exitCode, exitCodeOf, failureText } from './exit.ts';
import { hostsToRun, profileOf, type HostOptions } from './profiles.ts';
import { reporterFor } from './reporter.ts';
import type { Shell } from './shell.ts';
import { onStopSignal } from './stop-signals.ts';
import { terminalPrompter } from './terminal-prompter.ts';

export interface UpOptions extends HostOptions {
  readonly ui?: boolean | string;
  readonly demo?: boolean;
  readonly json?: boolean;
  readonly allowLan?: boolean;
}

/** What a clean stop may take; then the process ends all the same. */
const stopMs = 1_800;

/** Without these the engine still does its work; the user is told what is missing. */
const survivable = new Set([
  'state-dir-unwritable',
  'control-socket-unavailable',
  'control-socket-in-use',
  'socket-path-too-long',
]);

/** `towline up`: an engine in this process until a signal, a request over the control socket, or no host can go on without a person. */
export async function up(shell: Shell, targets: readonly string[], options: UpOptions): Promise<number> {
  const owned = new DisposableStore();
  let code: number = exitCode.failed;
  try {
    code = await run(shell, owned, ...untangle(targets, options));
    return code;
  } finally {
    const forced = systemClock.after(stopMs, () => process.exit(code));
    await owned.dispose();
    await forced.dispose();
  }
}

async function run(
  shell: Shell,
  owned: DisposableStore,
  targets: readonly string[],
  options: UpOptions,
): Promise<number> {
  const { paths } = shell;
  let stop = (_code: number): void => undefined;
  const stopped = new Promise<number>((resolve) => (stop = resolve));
  const signals = owned.add(onStopSignal(() => stop(exitCode.fine)));

  const mode = 'headless';
  await unlessMissing(shell, async () =>
    owned.add(await acquireInstanceLock(paths.lockFile, { mode, controlSocket: paths.controlSocket })),
  );
  const logFile = owned.add(openLogFile({ file: paths.logFile, level: 'info', clock: systemClock }));
  if (logFile.problem !== undefined) shell.stderr.write(failureText(logFile.problem));
  const { log } = logFile;
  const settings = owned.add(await SettingsFile.open({ file: paths.settingsFile, clock: systemClock, log }));
  if (settings.problem !== undefined) shell.stderr.write(failureText(settings.problem));
  owned.add(settings.onDidChange(({ log: { level } }) => logFile.setLevel(level)));
  logFile.setLevel(settings.settings.log.level);
  const stateFile = owned.add(await StateFile.open({ file: paths.stateFile, clock: systemClock, log }));

  const reporter = owned.add(reporterFor(shell, options.json === true));
  const hosts = hostsToRun(settings.settings.hosts, targets, options, shell.env['DOCKER_HOST']);
  const demo = options.demo === true ? [owned.add(await startDemo(log))] : [];
  const prompting = terminalPrompter(shell, {
    before: () => reporter.hold(),
    after: () => reporter.resume(),
    onInterrupt: () => signals.interrupt(),
  });
  const engine = owned.add(
    await shell.createEngine({
      ...{ settings, stateFile, log, clock: systemClock, paths, mode, ...prompting },
      ...{ hosts: [...(hosts ?? []).map((profile) => ({ profile })), ...demo], withoutSaved: hosts !== undefined },
      ...{ allowLan: options.allowLan === true, onStopRequested: () => stop(exitCode.fine) },
      logBytes: () => logFile.written(),
      onDidLog: logFile.onDidWrite,
      ...commandFile(),
    }),
  );
  await unlessMissing(shell, async () =>
    owned.add(await openControlSocket({ path: paths.controlSocket, commands: engine, log })),
  );
  if (options.ui !== undefined && options.ui !== false) {
    const token = await scrapeToken(paths.scrapeTokenFile).catch(() => undefined); // without it there is still the door's own
    const scraped = token === undefined ? {} : { scrapeToken: token };
    reporter.page(owned.add(await openWebDoor({ commands: engine, log, port: portOf(options.ui), ...scraped })).url);
  }
  const somebody = prompting.prompter !== undefined || (options.ui !== undefined && options.ui !== false);
  const look = (state: AppState): void => {
    reporter.show(state);
    const code = somebody ? undefined : endWithoutAnybody(state);
    if (code !== undefined) stop(code);
  };
  owned.add(engine.store.onDidChange(look));
  await engine.start();
  look(engine.store.state);
  const code = await stopped;
  if (code !== exitCode.fine) explain(shell, engine.store.state);
  return code;
}

/** With nobody to ask: the exit code once every host waits for an answer or has failed for good. */
function endWithoutAnybody({ hosts }: AppState): number | undefined {
  const codes = Object.values(hosts).map(({ state, reason }) => {
    if (state === 'needs-user') return exitCode.needsUser;
    return state === 'failed' ? exitCodeOf(reason ?? { code: 'internal', message: '' }) : undefined;
  });
  if (codes.length === 0 || codes.includes(undefined)) return undefined;
  return codes.includes(exitCode.needsUser) ? exitCode.needsUser : exitCode.failed;
}

function explain(shell: Shell, { hosts }: AppState): void {
  for (const { reason } of Object.values(hosts)) if (reason !== undefined) shell.stderr.write(failureText(reason));
}

async function startDemo(log: Logger): Promise<EphemeralHost & Disposable> {
  const { startDemoHost } = await import('../engine/demo/demo-host.ts');
  const host = await startDemoHost({ clock: systemClock, log });
  const profile = profileOf(`ssh://${host.user}@127.0.0.1:${host.port}`, {}, 'demo');
  return { profile, embedded: { privateKey: host.privateKey, hostKey: host.hostKey }, dispose: () => host.dispose() };
}

async function unlessMissing(shell: Shell, open: () => Promise<unknown>): Promise<void> {
  try {
    await open();
  } catch (error) {
    if (!(error instanceof FailureError) || !survivable.has(error.code)) throw error;
    shell.stderr.write(failureText(error.failure));
  }
}

/** `--ui ssh://me@host`: the port is optional, so that what follows may be a target. */
function untangle(targets: readonly string[], options: UpOptions): [string[], UpOptions] {
  if (typeof options.ui !== 'string' || /^\d+$/.test(options.ui)) return [[...targets], options];
  return [[options.ui, ...targets], { ...options, ui: true }];
}

function portOf(ui: string | true): number {
  const port = ui === true ? 0 : Number(ui);
  if (port <= 65535) return port;
  throw new FailureError({
    code: 'usage',
    message: `${port} is not a port.`,
    hint: 'A port is a number from 1 to 65535.',
  });
}

/** The built command, which others may link to; a checkout's sources are no command. */
function commandFile(): { commandFile?: string } {
  const [, file] = process.argv;
  return file?.endsWith('.js') === true ? { commandFile: file } : {};
}
