import { access } from 'node:fs/promises';
import { homedir } from 'node:os';
import type { HostProfile } from '../../../shared/host.ts';
import { parseTarget } from '../../../shared/target.ts';
import { resolveSshHost } from '../ssh-config.ts';

/** The first certificate beside one of the host's key files, where the system's ssh finds it by itself. */
export async function certificateFor(
  { target, sshConfigFile, identityFile }: HostProfile,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { host } = await resolveSshHost(parseTarget(target), {
    home: env['HOME'] ?? homedir(),
    env,
    signal,
    ...(sshConfigFile === undefined ? {} : { configFile: sshConfigFile }),
    ...(identityFile === undefined ? {} : { overrides: { identityFile } }),
  });
  for (const { path } of host.identityFiles) {
    const certificate = `${path.replace(/\.pub$/, '')}-cert.pub`;
    if (await isThere(certificate)) return certificate;
  }
  return undefined;
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
