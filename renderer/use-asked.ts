import { useEffect, useState } from 'react';
import { useApp, useMirrored } from './app-context.ts';
import type { Api } from './client.ts';

/**
 * What the engine says to a question, asked anew with each view that shows it and each time the engine is back. Undefined until
 * it has answered, or where it does not. The question must keep its identity from render to render.
 */
export function useAsked<T>(question: (api: Api) => Promise<T>): [T | undefined, (answer: T) => void] {
  const { mirror } = useApp();
  const live = useMirrored(({ link }) => link === 'live');
  const [answer, setAnswer] = useState<T>();
  useEffect(() => {
    let wanted = live;
    if (live)
      question(mirror.api).then(
        (said) => wanted && setAnswer(said),
        () => undefined, // the view does without
      );
    return () => {
      wanted = false;
    };
  }, [mirror, live, question]);
  return [answer, setAnswer];
}
