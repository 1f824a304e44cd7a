/** The patterns of an ignore file, in Docker's own meaning: the last that matches decides, `!` takes a path back in. */
export interface IgnoreRule {
  readonly pattern: RegExp;
  readonly include: boolean;
}

/** What is in nobody's release: the records of version control systems, at any depth. */
const versionControl = '**/.git\n**/.hg\n**/.svn\n**/.bzr\n**/CVS\n**/.jj\n';

/** Reads ignore files, the later ones after the earlier ones. */
export function parseIgnore(...texts: readonly string[]): IgnoreRule[] {
  return [versionControl, ...texts].flatMap((text) => text.split(/\r?\n/).flatMap(parseLine));
}

/** Whether a path (relative, with `/`) is left out: by itself or because a directory above it is. */
export function isIgnored(rules: readonly IgnoreRule[], path: string): boolean {
  let ignored = false;
  for (const { pattern, include } of rules) if (pattern.test(path)) ignored = !include;
  return ignored;
}

/** Whether something below an ignored directory may be taken back in, so that it must be looked into. */
export function mayInclude(rules: readonly IgnoreRule[]): boolean {
  return rules.some((rule) => rule.include);
}

function parseLine(line: string): IgnoreRule[] {
  const text = line.trim();
  if (text === '' || text.startsWith('#')) return [];
  const include = text.startsWith('!');
  const path = text
    .slice(include ? 1 : 0)
    .trim()
    .replace(/^(\.?\/)+/, '')
    .replace(/\/+$/, '');
  return path === '' || path === '.' ? [] : [{ include, pattern: toPattern(path) }];
}

/** `*` and `?` stay within a name, `**` does not, `[a-z]` is a class. What lies below a match matches too. */
function toPattern(glob: string): RegExp {
  const source = glob.replace(/\*\*\/|\*\*|\*|\?|\[\^?[^\]/]+\]|\\.|[\s\S]/g, (token) => {
    if (token === '**/') return '(?:.*/)?';
    if (token === '**') return '.*';
    if (token === '*') return '[^/]*';
    if (token === '?') return '[^/]';
    if (token.length > 2 && token.startsWith('[')) return token.replaceAll('\\', '\\\\');
    return token.replace(/^\\/, '').replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${source}(?:/|$)`, 's');
}
