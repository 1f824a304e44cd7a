import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import process from 'node:process';
import { resolvePaths } from '../engine/paths.ts';
import { version } from '../engine/version.ts';
import { allCommands, commandTree, type CommandNode, type OptionNode } from '../headless/command-tree.ts';
import { exitCode } from '../headless/exit.ts';
import { describeProgram } from '../headless/program.ts';
import { systemShell } from '../headless/shell.ts';

const exitMeanings: Record<keyof typeof exitCode, string> = {
  fine: 'All went well.',
  failed: 'The operation failed.',
  usage: 'The command line was wrong.',
  notRunning: 'No engine is running.',
  needsUser: 'Somebody has to settle something first: a login, or a host key.',
};

const environment = {
  DOCKER_HOST:
    'For towline up without a target and without saved hosts: an address that begins with ssh:// is the host.',
  SSH_AUTH_SOCK: 'The agent whose keys are offered.',
  TOWLINE_HOME: 'One directory for everything of Towline: settings, state, logs, sockets.',
  NO_COLOR: 'Whatever it is, nothing is coloured.',
};

/** towline(1) in roff's man macros, from the commands' own definitions. It has no date, so that the same sources give the same page. */
export function manPage(program: CommandNode): string {
  const commands = allCommands(program).filter(({ name, path }) => name !== 'help' && path !== program.name);
  return [
    `.TH ${program.name.toUpperCase()} 1 "" "Towline ${version}" "User Commands"`,
    '.SH NAME',
    `${program.name} \\- a remote Docker host on localhost`,
    '.SH SYNOPSIS',
    `${bold(program.name)} ${italic('COMMAND')} [${italic('OPTIONS')}] [${italic('ARGUMENTS')}]`,
    '.SH DESCRIPTION',
    text(program.description),
    '.SH OPTIONS',
    ...program.options.flatMap(optionLines),
    '.SH COMMANDS',
    ...commands.flatMap(commandLines),
    '.SH EXIT STATUS',
    ...Object.entries(exitMeanings).flatMap(([name, meaning]) =>
      tagged(String(exitCode[name as keyof typeof exitCode]), meaning),
    ),
    '.SH ENVIRONMENT',
    ...Object.entries(environment).flatMap(([name, meaning]) => tagged(bold(name), meaning)),
    '.SH FILES',
    ...fileLines('linux', ''),
    ...fileLines('darwin', ' (macOS)'),
    '.SH SEE ALSO',
    ['ssh 1', 'ssh_config 5', 'sshd_config 5', 'docker 1'].map((page) => page.replace(' ', '(') + ')').join(', '),
    '',
  ].join('\n');
}

function commandLines({ path, usage, description, arguments: words, options }: CommandNode): string[] {
  const [first = '', ...others] = usage.split('\n').map((line) => line.trim());
  return [
    `.SS ${text(path)}`,
    [`${path} ${first}`, ...others].map(text).join('\n.br\n'),
    '.PP',
    text(description),
    ...words.flatMap((word) => (word.description === '' ? [] : tagged(italic(word.name), word.description))),
    ...options.filter(({ flags }) => !flags.includes('--help')).flatMap(optionLines),
  ];
}

function optionLines({ flags, details, value }: OptionNode): string[] {
  const names = flags.map(bold).join(', ');
  if (value === undefined) return tagged(names, details);
  const shown = `${italic(value.name)}${value.variadic ? '...' : ''}`;
  return tagged(`${names} ${value.required ? shown : `[${shown}]`}`, details);
}

function fileLines(platform: NodeJS.Platform, where: string): string[] {
  const { settingsFile, logFile } = resolvePaths({ env: {}, platform, home: '~', uid: -1 });
  return [
    ...tagged(italic(settingsFile), `The settings${where}: hosts, rules, stacks.`),
    ...tagged(italic(logFile), `What the engine has logged${where}.`),
  ];
}

const tagged = (tag: string, description: string): string[] => ['.TP', tag, text(description)];
const bold = (words: string): string => `\\fB${text(words)}\\fR`;
const italic = (words: string): string => `\\fI${text(words)}\\fR`;

/** Plain text for roff: what it would take for requests or typography is escaped. */
function text(words: string): string {
  const named: Record<string, string> = {
    '\\': '(rs',
    "'": '(aq',
    '"': '(dq',
    '`': '(ga',
    '~': '(ti',
    '^': '(ha',
    '-': '-',
  };
  return words
    .replace(/[\\'"`~^-]/g, (character) => `\\${named[character] ?? ''}`)
    .replace(
      /[^\0-\x7f]/gu,
      (character) => `\\[u${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`,
    )
    .replace(/^\./, '\\&.');
}

if (import.meta.main) {
  const [file] = process.argv.slice(2);
  if (file === undefined) throw new Error('usage: node build/man-page.ts FILE');
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, manPage(commandTree(describeProgram(systemShell(), () => undefined))));
}
