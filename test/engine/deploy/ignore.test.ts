import { expect, test } from 'vitest';
import { isIgnored, parseIgnore } from '../../../engine/deploy/ignore.ts';

const ignored = (text: string, paths: readonly string[]) => {
  const rules = parseIgnore(text);
  return paths.filter((path) => isIgnored(rules, path));
};

test('records of version control are left out at any depth, whatever the files say', () => {
  expect(ignored('', ['.git/config', 'lib/.git', 'lib/.hg/x', '.gitignore', 'git'])).toEqual([
    '.git/config',
    'lib/.git',
    'lib/.hg/x',
  ]);
});

test('a pattern is anchored at the project, and takes all below it', () => {
  const paths = ['node_modules', 'node_modules/a/b.js', 'lib/node_modules/c.js', 'node_modules2'];
  expect(ignored('node_modules', paths)).toEqual(['node_modules', 'node_modules/a/b.js']);
  expect(ignored('**/node_modules/', paths)).toEqual(paths.slice(0, 3));
});

test('stars stay within a name, two stars do not', () => {
  const paths = ['a.log', 'logs/a.log', 'logs/deep/a.log', 'a.txt'];
  expect(ignored('*.log', paths)).toEqual(['a.log']);
  expect(ignored('logs/*.log', paths)).toEqual(['logs/a.log']);
  expect(ignored('**/*.log', paths)).toEqual(paths.slice(0, 3));
  expect(ignored('?.[a-l]*', paths)).toEqual(['a.log']);
});

test('the last pattern that matches decides, so that a path can be taken back in', () => {
  expect(ignored('docs\n!docs/keep.md\n# docs/keep.md\n', ['docs/a.md', 'docs/keep.md'])).toEqual(['docs/a.md']);
  expect(ignored('!a\na\n', ['a'])).toEqual(['a']);
});

test('what a regular expression would take for its own is plain text', () => {
  expect(ignored('a+b(1).txt\r\n/./x$y', ['a+b(1).txt', 'aab1.txt', 'x$y'])).toEqual(['a+b(1).txt', 'x$y']);
});
