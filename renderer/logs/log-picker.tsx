import { useState } from 'react';
import { useHosts, useMirrored } from '../app-context.ts';
import type { Api } from '../client.ts';
import { useAsked } from '../use-asked.ts';
import { Button } from '../components/button.tsx';
import { Field } from '../components/field.tsx';
import { Select } from '../components/select.tsx';
import { StateGlyph } from '../components/state-glyph.tsx';
import { sortedHosts } from '../models/forward-list.ts';
import { logSubjects, ownLog, ownLogWords, type HeardOf } from '../models/log-subjects.ts';
import { formatRoute, go } from '../route.ts';
import { hostWord } from '../../shared/words.ts';
import { Toolbar } from '../shell/toolbar.tsx';
import { LogTabs } from './log-tabs.tsx';

const noStacks = {};
const askHeard = async (api: Api): Promise<HeardOf> =>
  (await api.timeline.read({ kinds: ['container'] })).flatMap((entry) => (entry.kind === 'container' ? [entry] : []));

/** Whose log it shall be: a project, a container, or by its name one of which nothing is known yet. */
export function LogPicker() {
  const hosts = sortedHosts(useHosts()).filter(({ state }) => state === 'ready');
  const stacks = useMirrored(({ state }) => state?.stacks ?? noStacks);
  const [heard = []] = useAsked(askHeard);
  const [host, setHost] = useState<string>();
  const [name, setName] = useState('');
  const hostId = host ?? hosts[0]?.id ?? '';
  const show = (): void => {
    if (hostId !== '' && name.trim() !== '') go({ view: 'logs', hostId, name: name.trim() });
  };
  return (
    <>
      <Toolbar title="Logs" aside={<LogTabs current="logs" />} />
      <div className="View-body is-padded is-scrolling">
        <form
          className="LogPicker-form"
          onSubmit={(event) => {
            event.preventDefault();
            show();
          }}
        >
          <div className="FieldBlock">
            <span className="Field-label">Host</span>
            <Select label="Host" value={hostId} options={hosts.map(({ id }) => [id, id])} onChange={setHost} />
          </div>
          <Field
            label="Project or container"
            mono
            placeholder="shop"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          <Button type="submit" disabled={hostId === '' || name.trim() === ''}>
            Show log
          </Button>
        </form>
        {hosts.length === 0 ? <p className="Second">No host is connected: a log is read over its line.</p> : null}
        {hosts.map((one) => (
          <section key={one.id} className="LogPicker-host" aria-label={one.id}>
            <h2>
              <StateGlyph look={hostWord(one).look} small /> {one.id}
            </h2>
            <ul className="LogPicker-list">
              {logSubjects(
                one,
                stacks,
                heard.filter((entry) => entry.hostId === one.id),
              ).map((subject) => (
                <li key={`${subject.kind} ${subject.name}`}>
                  <a
                    className={subject.kind === 'project' ? 'Button is-small is-project' : 'Button is-small'}
                    href={formatRoute({ view: 'logs', hostId: one.id, name: subject.name })}
                  >
                    {subject.label}
                  </a>
                </li>
              ))}
            </ul>
          </section>
        ))}
        <section className="LogPicker-host" aria-label="This machine">
          <h2>This machine</h2>
          <a className="Button is-small" href={formatRoute({ view: 'logs', ...ownLog })}>
            {ownLogWords}
          </a>
        </section>
      </div>
    </>
  );
}
