import { expect, test } from 'vitest';
import { manPage } from '../../build/man-page.ts';
import { allCommands, commandTree } from '../../headless/command-tree.ts';
import { exitCode } from '../../headless/exit.ts';
import { describeProgram } from '../../headless/program.ts';
import { systemShell } from '../../headless/shell.ts';

const program = commandTree(describeProgram(systemShell(), () => undefined));
const page = manPage(program);
const signs: Record<string, string> = { rs: '\\', aq: "'", dq: '"', ga: '`', ti: '~', ha: '^' };

/** What a reader sees of it. */
const shown = (roff: string): string =>
  roff
    .replace(/\\f[BIR]|\\&/g, '')
    .replace(/\\\[u([0-9A-F]+)\]/g, (_, code: string) => String.fromCodePoint(parseInt(code, 16)))
    .replaceAll('\\-', '-')
    .replace(/\\\((..)/g, (_, name: string) => signs[name] ?? '');

/** The lines between this heading and the next of its kind. */
function section(heading: string): string {
  const after = page.slice(page.indexOf(`\n${heading}\n`) + heading.length + 2);
  return after.slice(0, after.search(/^\.S[SH] /m));
}

test('every command has a section with its description and all its options', () => {
  for (const { path, name, description, options } of allCommands(program)) {
    if (name === 'help' || name === program.name) continue;
    const lines = shown(section(`.SS ${path}`)).split('\n');
    const flags = options.flatMap((option) => option.flags).filter((flag) => flag !== '-h' && flag !== '--help');
    const words = new Set(lines.flatMap((line) => line.split(/[ ,]+/)));
    expect(lines).toContain(description);
    expect(flags.filter((flag) => !words.has(flag))).toEqual([]);
  }
});

test('every exit code has its meaning', () => {
  const codes = section('.SH EXIT STATUS').match(/^\.TP\n\d+$/gm);
  expect(codes?.map((line) => Number(line.slice(4)))).toEqual(Object.values(exitCode));
});

test('there is nothing in it that roff could take for something else', () => {
  const lines = page.trimEnd().split('\n');
  const requests = lines.filter((line) => /^[.']/.test(line)).map((line) => line.split(' ')[0]);
  expect([...new Set(requests)].sort()).toEqual(['.PP', '.SH', '.SS', '.TH', '.TP', '.br']);
  expect(lines.filter((line) => line === '' || /[^\x20-\x7e]/.test(line))).toEqual([]);
  expect(page.match(/\\[^-f([e]|\\f[^BIR]/g)).toBeNull();
});

test('text with quotes, dots, tildes and letters of other scripts is shown as it is written', () => {
  const command = { ...program, name: 'x', path: 'towline x', commands: [], options: [], arguments: [], usage: '' };
  const text = manPage({ ...program, commands: [{ ...command, description: `.'~/a\\b' “—” \`c\` "d" ^-e` }] });
  expect(text).toContain(
    '\n\\&.\\(aq\\(ti/a\\(rsb\\(aq \\[u201C]\\[u2014]\\[u201D] \\(gac\\(ga \\(dqd\\(dq \\(ha\\-e\n',
  );
});
