/** ssh's own glob: `*` is any run of characters, `?` exactly one; nothing else is special. */
export function matchesPattern(text: string, pattern: string): boolean {
  let t = 0;
  let p = 0;
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    const wanted = pattern[p];
    if (wanted === '*') {
      star = p;
      p += 1;
      resume = t;
    } else if (wanted === '?' || wanted === text[t]) {
      t += 1;
      p += 1;
    } else if (star !== -1) {
      p = star + 1;
      resume += 1;
      t = resume;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p += 1;
  return p === pattern.length;
}

/** ssh's pattern-list: at least one pattern matches and no `!pattern` does. */
export function matchesPatternList(text: string, patterns: readonly string[]): boolean {
  const negated = patterns.filter((pattern) => pattern.startsWith('!'));
  if (negated.some((pattern) => matchesPattern(text, pattern.slice(1)))) return false;
  return patterns.some((pattern) => !pattern.startsWith('!') && matchesPattern(text, pattern));
}
