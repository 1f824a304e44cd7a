import { LogTexts, patternOf } from '../models/log-search.ts';
import type { Found, ToSearcher } from './search-messages.ts';

/** Searches apart from the page, so that no expression holds it up. */
const texts = new LogTexts();
let current: { readonly search: number; readonly pattern: RegExp } | undefined;

addEventListener('message', ({ data }: MessageEvent<ToSearcher>) => {
  switch (data.kind) {
    case 'reset':
      return texts.reset();
    case 'drop':
      return texts.drop(data.number);
    case 'texts':
      texts.add(data.number, data.texts);
      if (current !== undefined) answer(current.search, only(texts.find(current.pattern, data.number), data), true);
      return;
    case 'search': {
      const pattern = patternOf(data.query);
      current = pattern === undefined ? undefined : { search: data.search, pattern };
      return answer(data.search, pattern === undefined ? [] : texts.find(pattern), false);
    }
  }
});

/** Older rows come before those that were searched already. */
function only(numbers: readonly number[], { number, texts: fresh }: Extract<ToSearcher, { kind: 'texts' }>): number[] {
  return numbers.filter((found) => found < number + fresh.length);
}

function answer(search: number, numbers: readonly number[], isMore: boolean): void {
  if (isMore && numbers.length === 0) return;
  const found: Found = { search, numbers, isMore };
  postMessage(found);
}
