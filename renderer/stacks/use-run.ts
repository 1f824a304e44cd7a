import { useEffect, useState } from 'react';
import type { DeployEvent } from '../../shared/deployment.ts';
import type { StackView } from '../../shared/stack-view.ts';
import { useApp, useMirrored } from '../app-context.ts';
import { afterEvents, type RunView } from '../models/deploy-run.ts';

/** How often what has come is drawn, at most. */
const drawMs = 100;

/** The newest run of a stack, read along from its beginning, whoever started it. Undefined where there is none. */
export function useRun({ name, status }: StackView): RunView | undefined {
  const { mirror } = useApp();
  const live = useMirrored(({ link }) => link === 'live');
  const [view, setView] = useState<RunView>();
  const [run, setRun] = useState<string>();
  const busyWith = status.kind === 'queued' || status.kind === 'running' ? status.run : undefined;
  if (busyWith !== undefined && busyWith !== run) setRun(busyWith);
  useEffect(() => {
    if (!live) return undefined;
    const leave = new AbortController();
    let waiting: DeployEvent[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    let current: RunView | undefined;
    const draw = (): void => {
      timer = undefined;
      current = afterEvents(current, waiting);
      waiting = [];
      setView(current);
    };
    const read = async (): Promise<void> => {
      try {
        for await (const event of await mirror.api.deploy.follow({ stack: name }, { signal: leave.signal })) {
          waiting.push(event);
          timer ??= setTimeout(draw, drawMs);
        }
      } catch {
        // the way to the engine has gone: it is read anew with the next one
      }
    };
    void read(); // never rejects
    return () => {
      leave.abort();
      clearTimeout(timer);
    };
  }, [mirror, live, name, run]);
  return view;
}
