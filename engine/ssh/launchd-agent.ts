import { execFile } from 'node:child_process';

/** Asks launchd for a variable of the user's session; undefined where it has none or is not there. */
export type AskLaunchd = (name: string) => Promise<string | undefined>;

/**
 * The environment with the agent's socket in it. A program that macOS starts from the Finder or at login lacks SSH_AUTH_SOCK, which a
 * terminal has; launchd knows it.
 */
export async function withAgentSocket(
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
  ask: AskLaunchd = askLaunchctl,
): Promise<NodeJS.ProcessEnv> {
  if (platform !== 'darwin' || env['SSH_AUTH_SOCK']) return env;
  const socket = await ask('SSH_AUTH_SOCK');
  return socket === undefined ? env : { ...env, SSH_AUTH_SOCK: socket };
}

function askLaunchctl(name: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile('launchctl', ['getenv', name], { timeout: 2_000 }, (error, stdout) => {
      const value = stdout.trim();
      resolve(error === null && value.startsWith('/') ? value : undefined);
    });
  });
}
