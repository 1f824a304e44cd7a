import { FailureError } from '../shared/failure.ts';
import type { HostProfile } from '../shared/host.ts';
import type { HostCandidate } from '../shared/host-candidate.ts';
import { cleanText, fitText, textWidth } from './clean-text.ts';
import { exitCode, failureText } from './exit.ts';
import { withOwnEngine } from './own-engine.ts';
import { quiet, type Paint } from './paint.ts';
import { readAnswer } from './read-answer.ts';
import { withRunning } from './running.ts';
import { saveHosts } from './saved-hosts.ts';
import { printJson, type Shell } from './shell.ts';

export interface ImportOptions {
  readonly all?: boolean;
  readonly json?: boolean;
}

/**
 * `towline hosts import`: shows what ssh_config and docker contexts name, and saves the chosen ones: by name, all, or as the
 * person at the terminal answers. As JSON and without a choice the candidates, else the hosts that were saved.
 */
export async function importHosts(shell: Shell, names: readonly string[], options: ImportOptions): Promise<number> {
  const candidates = await withRunning(
    shell,
    (api) => api.hosts.candidates(),
    () => withOwnEngine(shell, ({ engine }) => engine.listCandidates()),
  );
  if (options.all === true || names.length > 0) {
    const chosen = options.all === true ? candidates : chosenCandidates(names.join(' '), candidates);
    return save(shell, chosen, options);
  }
  if (options.json) {
    printJson(shell, candidates);
    return exitCode.fine;
  }
  if (candidates.length === 0) {
    shell.stderr.write('Nothing new: no host in ~/.ssh/config or in a docker context that is not saved.\n');
    return exitCode.fine;
  }
  for (const line of candidateLines(candidates, shell.paint)) shell.stdout.write(`${line}\n`);
  if (!shell.stdin.isTTY || !shell.stderr.isTTY) throw unchosen();
  return save(shell, await askWhich(shell, candidates), options);
}

async function save(shell: Shell, chosen: readonly HostCandidate[], { json }: ImportOptions): Promise<number> {
  const profiles = chosen.map(candidateProfile);
  await saveHosts(shell, profiles);
  if (json) printJson(shell, profiles);
  else for (const { id } of profiles) shell.stdout.write(`${id}\n`);
  return exitCode.fine;
}

/** Asks until the answer can be understood; none, or Ctrl-D, chooses nothing. */
async function askWhich({ stdin, stderr }: Shell, candidates: readonly HostCandidate[]): Promise<HostCandidate[]> {
  const { signal } = new AbortController();
  const interrupt = (): void => void process.kill(process.pid, 'SIGINT');
  for (;;) {
    const question = 'Which ones? (1,3-5, names, or all; nothing for none) ';
    const answer = await readAnswer({ keyboard: stdin, screen: stderr, question, echo: true, signal }, interrupt);
    try {
      return chosenCandidates(answer ?? '', candidates);
    } catch (error) {
      if (!(error instanceof FailureError)) throw error;
      stderr.write(failureText(error.failure));
    }
  }
}

function unchosen(): FailureError {
  return new FailureError({
    code: 'usage',
    message: 'Nothing was saved: there is nobody to ask which ones.',
    hint: 'Name them: `towline hosts import NAME...`, or take all: `towline hosts import --all`.',
  });
}

/** The candidates, numbered from 1, with where each was found. */
export function candidateLines(candidates: readonly HostCandidate[], paint: Paint): string[] {
  const widest = (text: (one: HostCandidate) => string): number =>
    Math.max(0, ...candidates.map((one) => textWidth(cleanText(text(one)))));
  const [name, target] = [widest((one) => one.name), widest((one) => one.target)];
  const digits = String(candidates.length).length;
  return candidates.map((one, index) => {
    const columns = [
      String(index + 1).padStart(digits),
      fitText(cleanText(one.name), name),
      fitText(cleanText(one.target), target),
    ];
    return `${columns.join('  ')}  ${quiet(paint, cleanText(one.file))}`;
  });
}

/**
 * Those that an answer chooses: numbers and ranges as `1,3-5`, names, or `all`; nothing for an empty one.
 * Rejects what is none of these: `usage`.
 */
export function chosenCandidates(answer: string, candidates: readonly HostCandidate[]): HostCandidate[] {
  const words = answer.split(/[\s,]+/).filter((word) => word !== '');
  const chosen = new Set(words.flatMap((word) => choice(word, candidates)));
  return candidates.filter((candidate) => chosen.has(candidate));
}

function choice(word: string, candidates: readonly HostCandidate[]): readonly HostCandidate[] {
  if (word === 'all') return candidates;
  const named = candidates.find(({ name }) => name === word);
  if (named !== undefined) return [named];
  const [, first, last = first] = /^(\d{1,6})(?:-(\d{1,6}))?$/.exec(word) ?? [];
  const range = first === undefined ? [] : candidates.slice(Math.max(0, Number(first) - 1), Number(last));
  if (range.length > 0 && Number(first) > 0) return range;
  throw new FailureError({
    code: 'usage',
    message: `${word} is none of them.`,
    hint: 'Write their numbers or names, as 1,3-5, or all.',
  });
}

export function candidateProfile({ name, target, dockerSocket }: HostCandidate): HostProfile {
  return { id: name, target, ...(dockerSocket === undefined ? {} : { dockerSocket }) };
}
