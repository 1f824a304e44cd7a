import type { HostTestStep } from '../shared/contract.ts';
import { FailureError } from '../shared/failure.ts';
import type { HostProfile } from '../shared/host.ts';
import { cleanText } from './clean-text.ts';
import { exitCode, exitCodeOf } from './exit.ts';
import { inParallel } from './in-parallel.ts';
import { withOwnEngine } from './own-engine.ts';
import { glyph, quiet, strong } from './paint.ts';
import { savedOrNew, type HostOptions } from './profiles.ts';
import { withRunning } from './running.ts';
import { fail, type Shell } from './shell.ts';

export interface HostTestOptions extends HostOptions {
  readonly all?: boolean;
  readonly json?: boolean;
}

type TestHost = (profile: HostProfile) => Promise<AsyncIterable<HostTestStep>>;

/** Logins at once: few enough for a jump host that they share, whose MaxStartups begins to refuse at ten. */
const atOnce = 5;

/** `towline hosts test`: in the running engine, else in one made for it. What failed decides the exit code. */
export function testHosts(shell: Shell, hosts: readonly string[], options: HostTestOptions): Promise<number> {
  return withRunning(
    shell,
    async (api) => {
      const profiles = chosen(await api.hosts.list(), hosts, options);
      return testAll(shell, profiles, options, (profile) => api.hosts.test(profile));
    },
    () =>
      withOwnEngine(shell, ({ engine, saved, signal }) =>
        testAll(shell, chosen(saved, hosts, options), options, (profile) =>
          Promise.resolve(engine.testHost(profile, signal)),
        ),
      ),
  );
}

function chosen(saved: readonly HostProfile[], hosts: readonly string[], options: HostTestOptions): HostProfile[] {
  const named = hosts.map((host) => savedOrNew(saved, host, options));
  const all = options.all === true ? saved.map(({ id }) => savedOrNew(saved, id, options)) : [];
  const profiles = [...named, ...all];
  if (profiles.length > 0) return profiles.filter(({ id }, at) => profiles.findIndex((one) => one.id === id) === at);
  throw new FailureError({
    code: 'usage',
    message: options.all === true ? 'There is no saved host.' : 'Which host is to be tested?',
    hint: 'Name a saved host or a target: `towline hosts test ssh://user@host`; --all tests every saved one.',
  });
}

/** One host is followed live; of several each is told when it is through. */
async function testAll(
  shell: Shell,
  profiles: readonly HostProfile[],
  { json = false }: HostTestOptions,
  test: TestHost,
): Promise<number> {
  const several = profiles.length > 1;
  const codes = await inParallel(profiles, atOnce, async (profile) => {
    const steps: HostTestStep[] = [];
    for await (const step of await test(profile)) {
      steps.push(step);
      if (json) shell.stdout.write(`${JSON.stringify({ host: profile.id, ...step })}\n`);
      else if (!several) printStep(shell, step);
    }
    if (several && !json) printGroup(shell, profile, steps);
    return Math.max(exitCode.fine, ...steps.map(({ failure }) => (failure === undefined ? 0 : exitCodeOf(failure))));
  });
  return Math.max(...codes); // a host that needs a person before one that is broken
}

function printGroup(shell: Shell, { id, target }: HostProfile, steps: readonly HostTestStep[]): void {
  const where = id === target ? '' : quiet(shell.paint, `  ${cleanText(target)}`);
  shell.stdout.write(`${strong(shell.paint, cleanText(id))}${where}\n`);
  for (const step of steps) printStep(shell, step);
}

function printStep(shell: Shell, { step, state, detail, ms, failure }: HostTestStep): void {
  if (state === 'running') return;
  const { paint } = shell;
  const took = ms === undefined ? '' : `  ${Math.round(ms)} ms`;
  const mark = glyph(paint, state === 'done' ? 'on' : 'error');
  shell.stdout.write(`${mark} ${step.padEnd(13)} ${cleanText(detail ?? '')}${quiet(paint, took)}\n`);
  if (failure !== undefined) fail(shell, failure);
}
