import { lookCommand, parseLook, type RemoteLook } from './remote-look.ts';
import type { CommandOutcome, ServerDoors } from './server-doors.ts';

type Dialled = 'allowed' | 'prohibited' | 'silent';

/** What the server lets this user do, found by asking for it. Undefined: not asked, as it would tell nothing. */
export interface PolicyEvidence {
  readonly command: CommandOutcome;
  readonly look: RemoteLook | undefined;
  /** Session channels granted of those asked for at once. */
  readonly sessions: { readonly asked: number; readonly granted: number };
  /** By the host's own names, to a port where nobody listens. */
  readonly dialled: Readonly<Record<string, Dialled>>;
  readonly terminal: boolean | undefined;
  readonly agent: boolean | undefined;
  readonly listener: boolean | undefined;
}

/** One more than OpenSSH's own MaxSessions. */
const mostSessions = 11;
/** 0.0.0.0 is this very host to connect(), and in nobody's PermitOpen list. */
const ownNames = ['127.0.0.1', 'localhost', '::1', '0.0.0.0'];

export async function lookAtPolicy(doors: ServerDoors): Promise<PolicyEvidence> {
  const command = await doors.run(lookCommand);
  const look = command.kind === 'ran' ? parseLook(command.stdout) : undefined;
  const dialled = Object.fromEntries(
    await Promise.all(ownNames.map(async (name) => [name, await doors.dial(name)] as const)),
  );
  const closed = Object.values(dialled).every((answer) => answer === 'prohibited');
  const inSessions = closed && command.kind === 'ran';
  const terminal = inSessions ? await doors.grantsTerminal() : undefined;
  const agent = inSessions ? await doors.grantsAgent() : undefined;
  const listener = closed ? await doors.grantsListener() : undefined;
  const granted = await doors.openSessions(mostSessions);
  return { command, look, sessions: { asked: mostSessions, granted }, dialled, terminal, agent, listener };
}
