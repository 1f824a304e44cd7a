import type { HostView } from '../../shared/host.ts';
import type { StackView } from '../../shared/stack-view.ts';
import { count } from '../../shared/words.ts';
import { useApp } from '../app-context.ts';
import { Button } from '../components/button.tsx';
import { Icon } from '../components/icon.tsx';
import { Line } from '../components/line.tsx';
import { Progress } from '../components/progress.tsx';
import { SessionMeter } from '../components/session-meter.tsx';
import { StateGlyph } from '../components/state-glyph.tsx';
import { StateWord } from '../components/state-word.tsx';
import { progressOf } from '../models/deploy-steps.ts';
import { hostStateWord, lineLoad, lineSentence } from '../models/host-summary.ts';
import { popoverForwards } from '../models/popover-hosts.ts';
import { stackLines, stackWord } from '../models/stack-words.ts';
import { formatRoute } from '../route.ts';
import { useSeconds } from '../use-seconds.ts';
import { PopoverForward } from './popover-forward.tsx';

interface PopoverHostProps {
  readonly host: HostView;
  readonly open: boolean;
  readonly deploying: readonly StackView[];
  readonly onToggle: () => void;
}

export function PopoverHost({ host, open, deploying, onToggle }: PopoverHostProps) {
  const now = useSeconds(host.state === 'reconnecting' || deploying.length > 0);
  const { look, word } = hostStateWord(host, now);
  const ready = host.state === 'ready';
  const { shown, more } = popoverForwards(host);
  const rtt = host.server.rttMs === undefined ? '' : `${Math.round(host.server.rttMs)} ms`;
  return (
    <section className="PopoverHost" data-state={look} aria-label={host.id}>
      <div className="PopoverHost-top">
        <StateGlyph look={look} {...(ready ? { word } : {})} />
        <h2 className="Clip" title={host.target}>
          {host.id}
        </h2>
        <span className="Toolbar-gap" />
        {ready ? (
          <>
            <span className="Quiet Small">
              {[open ? '' : count(lineLoad(host).length, 'port'), rtt].filter(Boolean).join(', ')}
            </span>
            <SessionMeter {...host.sessions} words="none" />
            <button
              type="button"
              className="IconButton"
              aria-label={`Forwards of ${host.id}`}
              aria-expanded={open}
              onClick={onToggle}
            >
              <Icon name={open ? 'up' : 'down'} />
            </button>
          </>
        ) : (
          <Stopped host={host} word={word} />
        )}
      </div>
      {ready && open ? (
        <>
          <div className="PopoverHost-line">
            <Line look={look} ports={lineLoad(host)} sentence={lineSentence(host)} />
          </div>
          <ul>
            {shown.map((forward) => (
              <PopoverForward key={forward.id} hostId={host.id} forward={forward} />
            ))}
          </ul>
          {more === 0 ? null : <p className="PopoverHost-more">and {more} more</p>}
        </>
      ) : null}
      {deploying.map((stack) => (
        <div key={stack.name} className="PopoverHost-deploy">
          <div className="Row is-apart Small">
            <StateWord look="connecting" word={`${stackWord(stack, 0).word} ${stack.name}`} />
            <span className="Quiet Clip">{stackLines(stack, 0, now)[0]}</span>
          </div>
          {stack.status.kind === 'running' ? (
            <Progress label={`Progress of ${stack.name}`} value={progressOf(stack.status)} />
          ) : null}
        </div>
      ))}
    </section>
  );
}

function Stopped({ host, word }: { readonly host: HostView; readonly word: string }) {
  const { act } = useApp();
  const connect = (): void => void act((api) => api.hosts.connect({ hostId: host.id }));
  if (host.state === 'idle')
    return (
      <Button small onClick={connect}>
        Connect
      </Button>
    );
  return (
    <>
      <span className="PopoverHost-reason">{word.replace(/, attempt \d+$/, '')}</span>
      {host.state === 'reconnecting' ? (
        <Button small onClick={connect}>
          Now
        </Button>
      ) : null}
      {host.state === 'needs-user' || host.state === 'failed' || host.prompt !== undefined ? (
        <a
          className="Button is-small"
          href={formatRoute({ view: 'host', hostId: host.id })}
          target="_blank"
          rel="noreferrer"
        >
          Show
        </a>
      ) : null}
    </>
  );
}
