import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allCommands, commandTree } from '../../headless/command-tree.ts';
import { bashCompletions } from '../../headless/completions-bash.ts';
import { fishCompletions } from '../../headless/completions-fish.ts';
import { zshCompletions } from '../../headless/completions-zsh.ts';
import { describeProgram } from '../../headless/program.ts';
import { systemShell } from '../../headless/shell.ts';

const program = commandTree(describeProgram(systemShell(), () => undefined));
const scripts = { bash: bashCompletions(program), zsh: zshCompletions(program), fish: fishCompletions(program) };
const shells = Object.keys(scripts) as (keyof typeof scripts)[];

let folder: string;
const fileOf = (shell: keyof typeof scripts): string => join(folder, `towline.${shell}`);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tl-completions-'));
  for (const shell of shells) await writeFile(fileOf(shell), scripts[shell]);
});
afterAll(() => rm(folder, { recursive: true }));

test('every shell that this machine has reads its script', () => {
  const read = shells.map((shell) => ({ shell, ...spawnSync(shell, ['-n', fileOf(shell)], { encoding: 'utf8' }) }));
  const here = read.filter(({ error }) => error === undefined);
  expect(here.map(({ shell }) => shell)).toContain('bash');
  expect(here.filter(({ status, stderr }) => status !== 0 || stderr !== '')).toEqual([]);
});

test.each(shells)('towline completions %s prints it', (shell) => {
  expect(towline('completions', shell)).toMatchObject({ status: 0, stdout: scripts[shell], stderr: '' });
});

test('for another shell there is none, and it says for which there is one', () => {
  const { status, stderr } = towline('completions', 'csh');
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining('bash, zsh, fish') as string });
});

function towline(...args: string[]) {
  const file = join(import.meta.dirname, '../../headless/towline.ts');
  return spawnSync(process.execPath, [file, ...args], { encoding: 'utf8' });
}

/** The part of a script that is about one command. */
const about = {
  bash: (path: string) => scripts.bash.split(/^ {4}(?=')/m).find((part) => part.startsWith(`'${path}')`)) ?? '',
  zsh: (path: string) =>
    scripts.zsh.split(/^(?=_)/m).find((part) => part.startsWith(`_${path.replaceAll(' ', '_')}() {`)) ?? '',
  fish: (path: string) =>
    scripts.fish
      .split('\n')
      .filter((line) => line.includes(`-n '__towline_at ${path}'`))
      .join('\n')
      .replace(/-l (?=\w)/g, '--')
      .replace(/-s (?=\w)/g, '-'),
};

test.each(shells)('%s knows all commands, and of each all options and choices', (shell) => {
  for (const { path, commands, options, arguments: words } of allCommands(program)) {
    const known = new Set(about[shell](path).match(/[\w-]+/g));
    const wanted = [
      ...commands.map(({ name }) => name),
      ...options.flatMap(({ flags, value }) => [...flags, ...(value?.choices ?? [])]),
      ...words.flatMap(({ choices }) => choices),
    ];
    expect(wanted.filter((word) => !known.has(word))).toEqual([]);
  }
});

describe('bash', () => {
  /** What it offers for the last of these words. */
  function offered(...words: string[]): string[] {
    const line =
      'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _towline; printf "%s\\n" "${COMPREPLY[@]}"';
    const { stdout, stderr } = spawnSync('bash', ['-c', line, 'bash', fileOf('bash'), ...words], { encoding: 'utf8' });
    expect(stderr).toBe('');
    return stdout.split('\n').filter((word) => word !== '');
  }

  test('offers commands, and those below them', () => {
    expect(offered('towline', 'ho')).toEqual(['hosts']);
    expect(offered('towline', 'hosts', '')).toEqual(['add', 'remove', 'list', 'import', 'test', 'help']);
  });

  test('offers options only where a dash is', () => {
    expect(offered('towline', 'status', '')).toEqual([]);
    expect(offered('towline', 'status', '--')).toEqual(['--json', '--watch', '--help']);
  });

  test('offers the choices of an option in both ways of writing it', () => {
    expect(offered('towline', 'up', '--transport', '')).toEqual(['ssh2', 'openssh']);
    expect(offered('towline', 'up', '--transport', '=', 'o')).toEqual(['openssh']);
    expect(offered('towline', 'up', '--transport', '=')).toEqual(['ssh2', 'openssh']);
  });

  test('offers files and directories where they are meant, and nothing where a value is free', () => {
    expect(offered('towline', 'up', '-i', join(folder, 'towline.b'))).toEqual([fileOf('bash')]);
    expect(offered('towline', 'stacks', 'add', 'shop', '--dir', folder.slice(0, -1))).toContain(folder);
    expect(offered('towline', 'up', '--docker-socket', '-')).toEqual([]);
  });

  test('leaves alone what belongs to the command after --', () => {
    expect(offered('towline', 'run', 'web', '--', '--js')).toEqual([]);
  });
});
