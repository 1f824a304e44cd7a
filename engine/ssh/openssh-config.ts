import { execFile } from 'node:child_process';
import { FailureError } from '../../shared/failure.ts';
import type { Target } from '../../shared/target.ts';
import { cumulative, type SshSettings } from './ssh-settings.ts';

export interface OpenSshQuery {
  /** OpenSSH's client: a name on PATH or a path. */
  readonly client: string;
  readonly target: Target;
  readonly configFile?: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
}

const withinMs = 5_000;
const severalWords: ReadonlySet<string> = new Set(['userknownhostsfile', 'globalknownhostsfile']);

/**
 * What OpenSSH itself makes of the user's files, by `ssh -G`, less what it would say to anybody without any file (its
 * own lists of algorithms and key files are nobody's wish). Undefined where there is no OpenSSH.
 * Throws `ssh-config-invalid` with ssh's own words, or `ssh-config-slow` after 5 s (a `Match exec` that hangs).
 */
export async function askOpenSsh(query: OpenSshQuery): Promise<SshSettings | undefined> {
  const { target, configFile } = query;
  const words = [
    ...(target.user === undefined ? [] : ['-l', target.user]),
    ...(target.port === undefined ? [] : ['-p', String(target.port)]),
    '--',
    target.host,
  ];
  const [own, bare] = await Promise.all([
    run(query, [...(configFile === undefined ? [] : ['-F', configFile]), '-G', ...words]),
    run(query, ['-F', 'none', '-G', ...words]),
  ]);
  if (own === undefined || bare === undefined) return undefined;
  const anybodys = new Map(parseOutput(bare));
  const settings = [...parseOutput(own)].filter(([keyword, value]) => {
    const same = anybodys.get(keyword);
    return neededAlways.has(keyword) || same?.join('\n') !== value.join('\n');
  });
  return new Map(settings);
}

const neededAlways: ReadonlySet<string> = new Set(['hostname', 'user', 'port']);

function parseOutput(output: string): SshSettings {
  const settings = new Map<string, string[]>();
  for (const line of output.split(/\r?\n/)) {
    const [, keyword, value] = /^(\S+) (.*)$/.exec(line) ?? [];
    if (keyword === undefined || value === undefined) continue;
    const values = severalWords.has(keyword) ? value.split(' ') : [value];
    const present = settings.get(keyword);
    if (present === undefined) settings.set(keyword, values);
    else if (cumulative.has(keyword)) present.push(...values);
  }
  return settings;
}

function run({ client, env, signal }: OpenSshQuery, args: string[]): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const options = {
      env,
      timeout: withinMs,
      maxBuffer: 1 << 20,
      windowsHide: true,
      ...(signal === undefined ? {} : { signal }),
    };
    const child = execFile(client, args, options, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout);
      if (error.code === 'ENOENT') return resolve(undefined);
      if (signal?.aborted) return reject(signal.reason as Error);
      reject(error.killed === true ? slow(error) : refused(stderr, error));
    });
    child.stdin?.end();
  });
}

function slow(cause: unknown): FailureError {
  return new FailureError(
    {
      code: 'ssh-config-slow',
      message: 'ssh did not make sense of your ssh_config within 5 s.',
      hint: 'Look for a Match exec that hangs; `ssh -G HOST` shows it.',
    },
    { cause },
  );
}

function refused(stderr: string, cause: unknown): FailureError {
  const said = stderr
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('Pseudo-terminal'))
    .join('; ');
  return new FailureError(
    {
      code: 'ssh-config-invalid',
      message: `ssh does not accept your ssh_config: ${said === '' ? 'it says no more' : said}`,
      hint: 'Correct the line it names; `ssh -G HOST` checks it.',
    },
    { cause },
  );
}
