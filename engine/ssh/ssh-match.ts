import { matchesPatternList } from './pattern.ts';

/** What a `Match` line may ask about, as known at that line. */
export interface MatchContext {
  readonly originalHost: string;
  readonly hostName: string;
  readonly user: string;
  readonly localUser: string;
  /** Whether this is the second reading that `Match final` asks for. */
  readonly final: boolean;
}

export interface MatchResult {
  readonly matches: boolean;
  /** A `final` criterion was met: the files are to be read once more. */
  readonly final: boolean;
  readonly unsupported: readonly string[];
  readonly problem?: string;
}

/** Evaluates the criteria of a `Match` line. Those only OpenSSH can evaluate never match, and are named. */
export function matchesCriteria(args: readonly string[], context: MatchContext): MatchResult {
  let matches = true;
  let final = false;
  const unsupported: string[] = [];
  for (let i = 0; i < args.length; i += 1) {
    const [, bang, word = '', inline] = /^(!?)([^=]*)(?:=(.*))?$/s.exec(args[i] ?? '') ?? [];
    const criterion = word.toLowerCase();
    const negated = bang === '!';
    if (criterion === 'all') {
      matches = matches && !negated;
    } else if (criterion === 'canonical' || criterion === 'final') {
      if (criterion === 'final') final = true;
      matches = matches && context.final !== negated;
    } else {
      const value = inline ?? args[(i += 1)];
      if (value === undefined)
        return { matches: false, final, unsupported, problem: `Match ${criterion} has no argument` };
      const text = subjectOf(criterion, context);
      if (text === undefined) unsupported.push(criterion);
      matches = matches && text !== undefined && isListed(criterion, text, value) !== negated;
    }
  }
  return { matches, final, unsupported };
}

/** Host names are compared without case, users with it. */
function isListed(criterion: string, text: string, list: string): boolean {
  const isName = criterion === 'host' || criterion === 'originalhost';
  return isName
    ? matchesPatternList(text.toLowerCase(), list.toLowerCase().split(','))
    : matchesPatternList(text, list.split(','));
}

function subjectOf(criterion: string, context: MatchContext): string | undefined {
  switch (criterion) {
    case 'host':
      return context.hostName;
    case 'originalhost':
      return context.originalHost;
    case 'user':
      return context.user;
    case 'localuser':
      return context.localUser;
    default:
      return undefined;
  }
}
