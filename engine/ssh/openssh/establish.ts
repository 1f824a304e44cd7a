import { access } from 'node:fs/promises';
import { FailureError } from '../../../shared/failure.ts';
import { sleep, withTimeout, type Clock } from '../../base/clock.ts';
import { Deadline } from '../../base/deadline.ts';
import { Emitter } from '../../base/emitter.ts';
import type { SshLink } from '../link.ts';
import { askOpenSsh } from '../openssh-config.ts';
import type { Prompter } from '../prompter.ts';
import { firstOf, type SshSettings } from '../ssh-settings.ts';
import { knownFingerprint } from './changed-key.ts';
import { makeControlFolder } from './control-folder.ts';
import { openControlSocket } from './control-socket.ts';
import { sshFailure } from './login-failure.ts';
import { Master } from './master.ts';
import type { MuxConnection } from './mux-connection.ts';
import { OpenSshLink } from './openssh-link.ts';
import { QuestionDesk } from './question-desk.ts';
import { masterArguments, type SshWishes } from './ssh-arguments.ts';

export interface OpenSshOptions extends SshWishes {
  readonly hostId: string;
  /** Resolves when the address may be called on. */
  readonly admission?: (address: string) => Promise<void>;
  readonly prompter: Prompter;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly env: NodeJS.ProcessEnv;
  /** Ours alone (0700); short, because a socket has to fit below it. */
  readonly runtimeDir: string;
  /** OpenSSH's client; `ssh` from PATH unless said. */
  readonly client?: string;
}

/** For the whole login, less what a person needs; for the TCP connection ssh has its own ConnectTimeout. */
const loginTimeoutMs = 60_000;
const lookMs = 10;

/**
 * Connects with the system's ssh: its ssh_config, agent, keys, certificates and algorithms. Rejects with a failure in the
 * words of the other transport, or with the signal's reason; leaves no process and no file then.
 */
export async function establishOpenSsh(options: OpenSshOptions): Promise<SshLink> {
  const { hostId, clock, env, target, client = 'ssh' } = options;
  if (process.platform === 'win32') throw noMultiplexing();
  const settings = await readSettings(client, options);
  const where = `${firstOf(settings, 'hostname') ?? target.host}:${firstOf(settings, 'port') ?? 22}`;
  await options.admission?.(where);
  const folder = await makeControlFolder(options.runtimeDir, hostId);
  const attempt = new AbortController();
  const signal = AbortSignal.any([options.signal, attempt.signal]);
  const deadline = new Deadline(clock, loginTimeoutMs, () => attempt.abort(loginTimeout(where, master)));
  const prompter: Prompter = (request, asked) => deadline.during(() => options.prompter(request, asked));
  const giveUp = (): void => master.stop();
  const desk = new QuestionDesk({ hostId, where, folder: folder.path, prompter, signal, clock, giveUp });
  const master = new Master({
    command: [client, ...masterArguments(options, settings, folder.socket)],
    folder,
    env,
    clock,
    onQuestion: (question) => void desk.ask(question), // what comes of it is in the desk's failure
  });
  try {
    return linkOf(await logIn(master, folder.socket, signal, clock), master, where);
  } catch (error) {
    master.stop();
    attempt.abort();
    await master.exited;
    if (error !== ended) throw error;
    throw desk.failure ?? sshFailure(master.said, where, await knownFingerprint(master.said));
  } finally {
    deadline.dispose();
    desk.close();
  }
}

const ended = new Error('ssh has ended');

/** ssh makes its control socket once it is logged in. Rejects with `ended` when there will be none. */
async function logIn(master: Master, socket: string, signal: AbortSignal, clock: Clock): Promise<MuxConnection> {
  let running = true;
  void master.exited.then(() => (running = false));
  while (running) {
    if (await isThere(socket))
      return openControlSocket(socket).catch((error: unknown) => notOpened(master, error, clock));
    await sleep(clock, lookMs, signal);
  }
  throw ended;
}

/** Either ssh has just died, or it is one that has no proxy mode. */
async function notOpened(master: Master, cause: unknown, clock: Clock): Promise<never> {
  await withTimeout(clock, 1_000, master.exited, () => noProxyMode(cause));
  throw ended;
}

function linkOf(connection: MuxConnection, master: Master, where: string): SshLink {
  const didClose = new Emitter<Error>();
  const ident = /^Authenticated to .+$/m.exec(master.said)?.[0] ?? `Authenticated to ${where}.`;
  let closing = false;
  const { algorithms } = master;
  master.forget();
  connection.onDidClose((cause) => {
    master.stop();
    if (closing) didClose.fire(cause);
    else void master.exited.then(() => didClose.fire(sshFailure(master.said, where)));
  });
  void master.exited.then(() => connection.close());
  const close = (): Promise<void> => {
    closing = true;
    connection.close();
    master.stop();
    return master.exited;
  };
  return new OpenSshLink({ ident: `ssh: ${ident}`, algorithms, connection, onDidClose: didClose.event, close });
}

async function readSettings(
  client: string,
  { target, env, signal, sshConfigFile }: OpenSshOptions,
): Promise<SshSettings> {
  const file = sshConfigFile === undefined ? {} : { configFile: sshConfigFile };
  const settings = await askOpenSsh({ client, target, env, signal, ...file });
  if (settings !== undefined) return settings;
  throw new FailureError({
    code: 'openssh-missing',
    message: `There is no ${client} on this machine.`,
    hint: 'Install OpenSSH’s client (Debian and Ubuntu: apt install openssh-client), or let Towline connect by itself.',
  });
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function loginTimeout(where: string, { waitsForAgent }: Master): FailureError {
  if (waitsForAgent) {
    return new FailureError({
      code: 'auth-refused',
      message: `The login at ${where} waited ${loginTimeoutMs / 1000} s for the ssh-agent, which does not answer.`,
      hint: 'Check that the agent runs and is unlocked (ssh-add -l), and whether it waits for you to confirm. Then connect again.',
    });
  }
  return new FailureError({
    code: 'handshake-timeout',
    message: `ssh did not log in at ${where} within ${loginTimeoutMs / 1000} s.`,
    hint: 'The server may be overloaded (MaxStartups) or not speak SSH. Towline tries again by itself.',
  });
}

function noProxyMode(cause: unknown): FailureError {
  return new FailureError(
    {
      code: 'transport-unsupported',
      message: `This machine’s ssh does not share its connection: ${cause instanceof Error ? cause.message : String(cause)}.`,
      hint: 'Towline needs OpenSSH 7.4 or newer for this.',
    },
    { cause },
  );
}

function noMultiplexing(): FailureError {
  return new FailureError({
    code: 'transport-unsupported',
    message: 'OpenSSH on Windows cannot share a connection.',
    hint: 'Let Towline connect by itself: leave out the transport of this host.',
  });
}
