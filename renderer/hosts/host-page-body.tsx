import { useState } from 'react';
import type { HostView } from '../../shared/host.ts';
import { Fix } from '../components/fix.tsx';
import { Line } from '../components/line.tsx';
import { StateBadge } from '../components/state-word.tsx';
import { AddForwardDialog } from '../forwards/add-forward-dialog.tsx';
import { hostStateWord, lineLoad, lineSentence } from '../models/host-summary.ts';
import { Toolbar } from '../shell/toolbar.tsx';
import { useSeconds } from '../use-seconds.ts';
import { DockerFromHere } from './docker-from-here.tsx';
import { HostAlerts } from './host-alerts.tsx';
import { HostActions } from './host-actions.tsx';
import { HostFacts } from './host-facts.tsx';
import { StepList } from './step-list.tsx';
import { TestHeading } from './test-heading.tsx';
import { useHostTest } from './use-host-test.ts';

export function HostPageBody({ host }: { readonly host: HostView }) {
  const now = useSeconds(host.state === 'reconnecting');
  const [adding, setAdding] = useState(false);
  const test = useHostTest();
  const { look, word } = hostStateWord(host, now);
  const failures = [host.reason, host.docker.reason, host.events.reason].filter((failure) => failure !== undefined);
  const stopped = look === 'error' || look === 'needs-you' ? look : 'degraded';
  return (
    <>
      <Toolbar
        title={host.id}
        aside={
          <>
            <StateBadge look={look} word={word} />
            <span className="Second Mono Clip" title={host.target}>
              {host.target}
            </span>
          </>
        }
      >
        <HostActions host={host} test={test} onForward={() => setAdding(true)} />
      </Toolbar>
      <div className="View-body is-padded is-scrolling">
        <div className="HostHeader is-bare" data-state={look}>
          <span className="HostHeader-here">localhost</span>
          <span className="HostHeader-line">
            <Line look={look} ports={lineLoad(host)} sentence={lineSentence(host)} />
          </span>
        </div>
        {failures.map((failure) => (
          <div className="Above-3" role="alert" key={failure.code}>
            <Fix failure={failure} state={stopped} />
          </div>
        ))}
        <HostAlerts hostId={host.id} />
        {test.progress.kind === 'none' ? null : (
          <section className="Card is-test" aria-labelledby="test-head">
            <TestHeading progress={test.progress} />
            <StepList steps={test.progress.steps} />
          </section>
        )}
        <HostFacts host={host} />
        <DockerFromHere host={host} />
      </div>
      {adding ? <AddForwardDialog hostId={host.id} onClose={() => setAdding(false)} /> : null}
    </>
  );
}
