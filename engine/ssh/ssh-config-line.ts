/** One line of ssh_config: the keyword in lower case and its arguments without their quotes. */
export interface ConfigLine {
  readonly keyword: string;
  readonly args: readonly string[];
  /** Everything after the keyword as it stands: what ProxyCommand takes. */
  readonly rest: string;
}

/** Splits a line as ssh does; undefined for blank lines and comments. Throws a plain Error on an open quote. */
export function splitConfigLine(line: string): ConfigLine | undefined {
  const match = /^[ \t]*("?)([A-Za-z][A-Za-z0-9]*)\1(?:[ \t]*=[ \t]*|[ \t]+|$)(.*)$/.exec(line.replace(/[\s]+$/, ''));
  if (match === null) return undefined;
  const [, , keyword = '', rest = ''] = match;
  return { keyword: keyword.toLowerCase(), args: splitWords(rest), rest };
}

function splitWords(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  for (let i = 0; i < text.length; i += 1) {
    const char = text[i] ?? '';
    const next = text[i + 1] ?? '';
    if (char === '\\' && (next === '\\' || next === '"' || next === "'" || (quote === undefined && next === ' '))) {
      word = (word ?? '') + next;
      i += 1;
    } else if (quote !== undefined) {
      if (char === quote) quote = undefined;
      else word = (word ?? '') + char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (char === ' ' || char === '\t') {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (char === '#' && word === undefined) {
      break;
    } else {
      word = (word ?? '') + char;
    }
  }
  if (quote !== undefined) throw new Error('a quote is not closed');
  if (word !== undefined) words.push(word);
  return words;
}
